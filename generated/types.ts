// Generated from openapi/ by npm run generate. Do not edit.

import type { RawJson } from "../src/json/raw-json.ts";
import type { UploadedFile } from "../src/multipart/uploaded-file.ts";
export interface paths {
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the service up?
         * @description Answers as soon as the process takes requests; says nothing about the database. Open to everybody.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * May traffic be sent here?
         * @description For load balancers: not ready while the database is away, and while the process finishes its last requests before it stops. Open to everybody.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/database": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Does the database answer?
         * @description Asks the database for a trivial answer and reports that it came.
         */
        get: operations["getDatabaseHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where are the parts of this installation?
         * @description Clients use it to print links to the web pages.
         */
        get: operations["getHealthInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in with e-mail and password
         * @description Gives out a token for the Authorization header. Too many failed attempts on one account, or from one address, have to wait.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login/support": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which ways to log in are there?
         * @description Tells a login page which buttons to show.
         */
        get: operations["support"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login/config/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How does a login at a provider begin?
         * @description Every name is answered: for an unknown one without a client id and with an empty scope, and for Keycloak with nothing at all while it is not set up.
         */
        get: operations["config"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login/start/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Begin a login at a provider
         * @description Sends the browser to the provider, with a state and a PKCE challenge that a cookie of ten minutes keeps on this side. Logins at GitHub and GitLab have to begin here; those at Keycloak may, and have to when KEYCLOAK_REQUIRE_STATE is on.
         */
        get: operations["startLogin"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Come back from a provider, at the address that the configuration tells
         * @description The same as under `/api`. The address that `GET /login/config/{provider}` gives providers has no `/api` in it.
         */
        get: operations["authWithoutPrefix"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login/auth/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Come back from a provider
         * @description The provider sends the browser here, with a code that the server exchanges for the account. Accounts are matched by the e-mail, which the provider must have verified; an unknown address gets a new account.
         */
        get: operations["auth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for an account
         * @description Makes an account that is not active yet and mails a link that activates it.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login/activate/{activation_code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the link of an activation mail
         * @description Activates the account that the code belongs to. A code works once. Whether it did is told by the page that the browser is sent to.
         */
        get: operations["activate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login/recover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a new password
         * @description Mails a code to the address. The answer is the same whether an account exists or not.
         */
        post: operations["recover"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a new password by a mailed code
         * @description Uses the code up and ends every login of the account.
         */
        post: operations["resetPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/user": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who am I?
         * @description The account of the token.
         */
        get: operations["getCurrentUser"];
        /**
         * Change my name
         * @description Only the name can be changed; everything else in the body is ignored.
         */
        put: operations["updateCurrentUser"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/user/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List my API tokens
         * @description All API tokens of the caller with their secrets; the tokens of logins are left out.
         */
        get: operations["getTokenList"];
        put?: never;
        /**
         * Make an API token
         * @description For programs: it works until it expires or is deleted. With default_project, runs and results that name no project go there.
         */
        post: operations["addToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/user/token/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one of my tokens
         * @description Also superadmins see their own tokens only.
         */
        get: operations["getToken"];
        put?: never;
        post?: never;
        /**
         * Delete one of my tokens
         * @description It stops working at once.
         */
        delete: operations["deleteToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/project": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List my projects
         * @description Those that the caller is a member or the owner of; superadmins get all.
         */
        get: operations["getProjectList"];
        put?: never;
        /**
         * Make a project
         * @description The caller becomes its owner and its first member.
         */
        post: operations["addProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/project/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a project
         * @description For its members, its owner and superadmins. Anybody else gets a 401 of plain JSON text here, where other operations say 403.
         */
        get: operations["getProject"];
        /**
         * Change a project
         * @description For its owner and superadmins.
         */
        put: operations["updateProject"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/project/filter-params/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * By which fields can results be filtered?
         * @description Looks at the newest result of the project and names all its fields, those inside the metadata too.
         */
        get: operations["getFilterParams"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List groups
         * @description All groups of the server.
         */
        get: operations["getGroupList"];
        put?: never;
        /**
         * Make a group
         * @description Anybody with an account may.
         */
        post: operations["addGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/group/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a group
         * @description Groups are no secret to anybody with an account.
         */
        get: operations["getGroup"];
        /**
         * Change a group
         * @description Metadata is merged deeply into what is stored.
         */
        put: operations["updateGroup"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List runs
         * @description Newest first, limited to the caller's projects. A page of over 500 rows is collected by a task: the answer is then 201 with the task's id, for the operation getTask.
         */
        get: operations["getRunList"];
        put?: never;
        /**
         * Send a run
         * @description A run needs a project, named in its metadata or by project_id, else the default project of the token. The same run sent again, under the same id, is answered like the first time. Its summary follows from its results within seconds.
         */
        post: operations["addRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/run/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a run
         * @description For those with access to its project.
         */
        get: operations["getRun"];
        /**
         * Change or complete a run
         * @description Keys that are not sent stay as they are; metadata is merged deeply; summary is replaced whole.
         */
        put: operations["updateRun"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/bulk-update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Note something on several runs
         * @description Takes the newest runs that fit the filters, as many as pageSize says (one, unless told, and at most 25), and fills keys into their metadata that they lack.
         */
        post: operations["bulkUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List results
         * @description Newest first, limited to the caller's projects. A page of over 500 rows is collected by a task: the answer is then 201 with the task's id, for the operation getTask.
         */
        get: operations["getResultList"];
        put?: never;
        /**
         * Send a result
         * @description A result belongs to the project that its metadata or project_id names, else to that of its run, else to the default project of the token. The same result sent again, under the same id, is answered like the first time.
         */
        post: operations["addResult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/result/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a result
         * @description For those with access to its project.
         */
        get: operations["getResult"];
        /**
         * Change a result
         * @description Keys that are not sent stay as they are; metadata is merged deeply; params are replaced whole.
         */
        put: operations["updateResult"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/artifact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List artifacts
         * @description Of a result, of a run, or of all the caller's projects; without their bytes.
         */
        get: operations["getArtifactList"];
        put?: never;
        /**
         * Send a file
         * @description Attaches a file of at most 5 MiB to a run or to a result.
         */
        post: operations["uploadArtifact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/artifact/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an artifact
         * @description Everything but its bytes.
         */
        get: operations["getArtifact"];
        put?: never;
        post?: never;
        /**
         * Delete an artifact
         * @description For those with access to its project.
         */
        delete: operations["deleteArtifact"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/artifact/{id}/view": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at a file
         * @description The bytes under a type found by looking at them, never by the file's name. A page among them cannot run scripts.
         */
        get: operations["viewArtifact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/artifact/{id}/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Save a file
         * @description As for viewing, with a header that makes browsers store the file under its name.
         */
        get: operations["downloadArtifact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List imports
         * @description Newest first, limited to the caller's projects.
         */
        get: operations["getImportList"];
        put?: never;
        /**
         * Send a JUnit file or an archive
         * @description The file is stored and read in the background; ask for the import until its status is done or error.
         */
        post: operations["addImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/import/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far is an import?
         * @description Always 200 from this server; older ones said 202 while the file was being read.
         */
        get: operations["getImport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/task/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far is a task?
         * @description Ask again until the status is no longer 206. An id that is unknown, or older than a day, looks like a task that has not started.
         */
        get: operations["getTask"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dashboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List dashboards
         * @description Ordered by title, limited to the caller's projects.
         */
        get: operations["getDashboardList"];
        put?: never;
        /**
         * Make a dashboard
         * @description For those with access to the project that it goes to.
         */
        post: operations["addDashboard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dashboard/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a dashboard
         * @description Its widgets are asked for with getWidgetConfigList.
         */
        get: operations["getDashboard"];
        /**
         * Change a dashboard
         * @description Keys that are not sent stay as they are.
         */
        put: operations["updateDashboard"];
        post?: never;
        /**
         * Delete a dashboard
         * @description Its widgets go with it; projects that open with it open without one.
         */
        delete: operations["deleteDashboard"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/widget-config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List placed widgets
         * @description Lightest first. A filter on the project also lets those through that belong to none.
         */
        get: operations["getWidgetConfigList"];
        put?: never;
        /**
         * Place a widget
         * @description Parameters that the widget's type does not know are dropped.
         */
        post: operations["addWidgetConfig"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/widget-config/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a placed widget
         * @description The widget and its parameters, not its data.
         */
        get: operations["getWidgetConfig"];
        /**
         * Change a placed widget
         * @description Keys that are not sent stay as they are; params are replaced whole.
         */
        put: operations["updateWidgetConfig"];
        post?: never;
        /**
         * Remove a placed widget
         * @description For those with access to its project.
         */
        delete: operations["deleteWidgetConfig"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/widget/types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which kinds of widget are there?
         * @description All of them on one page, with their parameters.
         */
        get: operations["getWidgetTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/widget/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compute a widget
         * @description Each type takes parameters of its own, as getWidgetTypes tells; one that the type does not know is refused. All values arrive as text and are read by the type. Rows are limited to the caller's projects.
         */
        get: operations["getWidget"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/user": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List all accounts
         * @description Ordered by e-mail, each with its projects. For superadmins.
         */
        get: operations["adminGetUserList"];
        put?: never;
        /**
         * Make an account
         * @description The account is not active unless the body says so. For superadmins.
         */
        post: operations["adminAddUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/user/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an account
         * @description With its projects. For superadmins.
         */
        get: operations["adminGetUser"];
        /**
         * Change an account
         * @description Keys that are not sent stay as they are, but for projects, which is replaced whole. The last active superadmin can neither be demoted nor deactivated. For superadmins.
         */
        put: operations["adminUpdateUser"];
        post?: never;
        /**
         * Delete an account
         * @description Its tokens go with it; what it owned passes to the caller. Nobody can delete their own account, nor the last superadmin. For superadmins.
         */
        delete: operations["adminDeleteUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/project": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List all projects
         * @description Each with its owner. For superadmins.
         */
        get: operations["adminGetProjectList"];
        put?: never;
        /**
         * Make a project as an administrator
         * @description The caller becomes its owner and its first member. For superadmins.
         */
        post: operations["adminAddProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/project/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show any project
         * @description With its owner. For superadmins.
         */
        get: operations["adminGetProject"];
        /**
         * Change any project
         * @description A new owner becomes a member, too. A list of users replaces the members. For superadmins.
         */
        put: operations["adminUpdateProject"];
        post?: never;
        /**
         * Delete a project
         * @description Its runs, results, dashboards and widgets stay, without a project. For superadmins.
         */
        delete: operations["adminDeleteProject"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/run-task": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a background job
         * @description For operators, outside /api and without an Authorization header: the token stands in the body, and must be a superadmin's. The body is read as JSON whatever its content type says. Answers are bare phrases.
         */
        post: operations["runTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The account whose password is forgotten. */
        AccountRecovery: {
            /**
             * Format: email
             * @description Its address.
             */
            email: string;
        };
        /** @description A new account for oneself. */
        AccountRegistration: {
            /**
             * Format: email
             * @description The address that the activation link is sent to.
             */
            email: string;
            /** @description At most 72 bytes. */
            password: string;
        };
        /** @description A new password, proven by a mailed code. */
        AccountReset: {
            /** @description The code of the mail. */
            activation_code: string;
            /** @description The new password, at most 72 bytes. */
            password: string;
        };
        /** @description A file of a run or of a result, without its bytes. */
        Artifact: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            result_id: string | null;
            /** Format: uuid */
            run_id: string | null;
            filename: string | null;
            /** Format: date-time */
            upload_date: string;
            /** @description Whatever the client noted about the file. */
            additional_metadata: RawJson;
        };
        /** @description A page of artifacts. */
        ArtifactList: {
            artifacts: components["schemas"]["Artifact"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description A file for exactly one run or result. Names in snake case are the older ones; where both are sent, the camel-cased one counts. */
        ArtifactUpload: {
            /**
             * Format: uuid
             * @description The result that the file belongs to.
             */
            resultId?: string;
            /**
             * Format: uuid
             * @description The older name of resultId.
             */
            result_id?: string;
            /**
             * Format: uuid
             * @description The run that the file belongs to.
             */
            runId?: string;
            /**
             * Format: uuid
             * @description The older name of runId.
             */
            run_id?: string;
            /** @description The file's true name; the name of the part is not looked at. */
            filename: string;
            /** @description Notes about the file: a JSON object as text, in a field or in a file part. */
            additionalMetadata?: {
                [key: string]: unknown;
            };
            /** @description The older name of additionalMetadata: the text of a JSON object. */
            additional_metadata?: string;
            /**
             * Format: binary
             * @description The bytes: 1 to 5,242,880 of them.
             */
            file: UploadedFile;
        };
        /** @description A wish for an API token. */
        CreateToken: {
            /** @description Any name but login-token; it need not be unique. */
            name: string;
            /** @description An ISO 8601 date and time; null asks for ten years. */
            expires: string | null;
            /** @description A project, by id or name, for the runs and results that this token sends without naming one. The caller must be a member. */
            default_project?: string | null;
        };
        /** @description E-mail and password of an account. */
        Credentials: {
            /**
             * Format: email
             * @description Compared letter by letter; case counts.
             */
            email: string;
            /** @description At most 72 bytes of it can be right. */
            password: string;
        };
        /** @description What people may change about their own account. */
        CurrentUserInput: {
            /** @description The display name. */
            name?: string | null;
        };
        /** @description A page of widgets. */
        Dashboard: {
            /** Format: uuid */
            id: string;
            title: string | null;
            description: string | null;
            /** @description Filters that the web pages apply to all its widgets. */
            filters: string | null;
            /** Format: uuid */
            project_id: string | null;
            /** Format: uuid */
            user_id: string | null;
        };
        /** @description A dashboard as it is made or changed. */
        DashboardInput: {
            /**
             * Format: uuid
             * @description An id of one's own choice, for a new dashboard only.
             */
            id?: string;
            title?: string;
            description?: string | null;
            filters?: string;
            /** Format: uuid */
            project_id?: string;
            /** Format: uuid */
            user_id?: string | null;
            /** @description Its member project, an id or a name, is only used to check the caller's right. */
            metadata?: {
                [key: string]: unknown;
            } | null;
        };
        /** @description A page of dashboards. */
        DashboardList: {
            dashboards: components["schemas"]["Dashboard"][];
            pagination: components["schemas"]["Pagination"];
        };
        /**
         * @description Says that the object is gone.
         * @enum {string}
         */
        Deleted: "OK";
        /** @description An object without members: all that there is to say stands in the status. */
        Empty: Record<string, never>;
        /** @description What was wrong, as one sentence for people. */
        ErrorText: string;
        /** @description Names of fields that the results of a project can be filtered by. */
        FilterParams: string[];
        /** @description A set of projects and accounts. */
        Group: {
            /** Format: uuid */
            id: string;
            name: string | null;
            /** @description Whatever the group's makers wanted to note. */
            metadata: RawJson;
        };
        /** @description A group as it is made or changed. Keys that are not sent stay as they are. */
        GroupInput: {
            /**
             * Format: uuid
             * @description An id of one's own choice, for a new group only.
             */
            id?: string;
            name?: string;
            /** @description Merged deeply into what is stored. */
            metadata?: {
                [key: string]: unknown;
            } | null;
            /** @description An old name of metadata, read only when a group is created without metadata. */
            data?: {
                [key: string]: unknown;
            } | unknown[] | string | number | boolean | null;
        };
        /** @description A page of groups. */
        GroupList: {
            groups: components["schemas"]["Group"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description Whether a part of the service works. */
        Health: {
            /** @description OK, or Error. */
            status: string;
            /** @description A sentence about it. */
            message: string;
        };
        /** @description Where the parts of this installation are found. */
        HealthInfo: {
            /** @description Address of the web pages. */
            frontend: string;
            /** @description Address of this server. */
            backend: string;
            /** @description Address of the interactive API documentation. */
            api_ui: string;
        };
        /** @description A file with the results of a whole run, and how far the server is with it. */
        Import: {
            /** Format: uuid */
            id: string;
            filename: string | null;
            /** @description Empty; kept for old clients. */
            format: string | null;
            /** @description pending, running, done or error. */
            status: string | null;
            /** Format: date-time */
            created: string;
            /** @description project_id, source and metadata as sent; run_id, a list, once the run exists; error, the reason, when the file cannot be read. */
            metadata: RawJson;
        };
        /** @description A page of imports. */
        ImportList: {
            imports: components["schemas"]["Import"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description A JUnit file or an archive of a run. */
        ImportUpload: {
            /**
             * Format: binary
             * @description A file whose name ends in .xml or .tar.gz.
             */
            importFile: UploadedFile;
            /** @description Id or name of the project. */
            project?: string;
            /** @description Notes for the run: a JSON object as text, in a field or in a file part. */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description Who sends it. */
            source?: string;
        };
        /** @description Any JSON value out of a metadata column (lists directly inside lists of lists aside). */
        JsonValue: {
            [key: string]: components["schemas"]["JsonValue"];
        } | ({
            [key: string]: components["schemas"]["JsonValue"];
        } | ({
            [key: string]: components["schemas"]["JsonValue"];
        } | string | number | boolean | null)[] | string | number | boolean | null)[] | string | number | boolean | null;
        /** @description What a web page needs to send a browser to a provider. Each provider has its own selection of these; Keycloak has none while it is not set up. */
        LoginConfig: {
            /** @description Where the provider sends the browser back to. */
            redirect_uri?: string;
            /** @description What the provider is asked to reveal. */
            scope?: string;
            /** @description This installation's id at the provider; null when it is not set up. */
            client_id?: string | null;
            /** @description What Facebook calls client_id. */
            app_id?: string | null;
            /** @description Where the login begins; for GitHub and GitLab, once they are set up, an address of this server that sends the browser on. */
            authorization_url?: string;
            /** @description Base address of Keycloak. */
            server_url?: string;
            /** @description The realm at Keycloak. */
            realm?: string;
            /** @description A picture for the login button of Keycloak. */
            icon?: string;
            /** @description A caption for the login button of Keycloak. */
            display_name?: string;
            /** @description Whether the certificate of Keycloak is checked. */
            verify_ssl?: boolean;
        };
        /** @description Why a login or a registration was refused, in the form that the web pages read. */
        LoginError: {
            /** @description A short word for programs: EMPTY, INVALID or INACTIVE. */
            code: string;
            /** @description The same for people. */
            message: string;
        };
        /** @description Which ways to log in are switched on. */
        LoginSupport: {
            /** @description With e-mail and password. */
            user: boolean;
            /** @description Through Keycloak. */
            keycloak: boolean;
            /** @description Through Google. */
            google: boolean;
            /** @description Through Github. */
            github: boolean;
            /** @description Through Facebook. */
            facebook: boolean;
            /** @description Through Gitlab. */
            gitlab: boolean;
        };
        /** @description A fresh login. */
        LoginToken: {
            /** @description The display name of the account. */
            name: string | null;
            /** @description The address that the account is known by. */
            email: string;
            /** @description A JSON Web Token for the Authorization header. */
            token: string;
        };
        /** @description Where a page lies in its list. */
        Pagination: {
            /** @description The page number as it was asked for. */
            page: number;
            /** @description How many rows a page holds. */
            pageSize: number;
            /** @description How many rows the whole list has; the planner's guess for large lists asked for with estimate=true. */
            totalItems: number;
            /** @description totalItems divided by pageSize, rounded up; 0 for an empty list. */
            totalPages: number;
        };
        /** @description An error of the edge: routing, tokens, content types, schemas and administration (RFC 7807). */
        Problem: {
            /** @description Always about:blank. */
            type: string;
            /** @description The reason phrase of the status. */
            title: string;
            /** @description The HTTP status, again. */
            status: number;
            /** @description What was wrong, for people. */
            detail: string;
        };
        /** @description What runs and results belong to, and what access is granted by. */
        Project: {
            /** Format: uuid */
            id: string;
            /** @description The short name that clients use in place of the id. */
            name: string | null;
            /** @description The name for people. */
            title: string | null;
            /** Format: uuid */
            owner_id: string | null;
            /** Format: uuid */
            group_id: string | null;
            /** Format: uuid */
            default_dashboard_id: string | null;
            /** @description The members. */
            users: components["schemas"]["User"][];
            /** @description The dashboard of default_dashboard_id, when one is set. */
            defaultDashboard?: components["schemas"]["Dashboard"];
            /** @description The account of owner_id; only administrators see it. */
            owner?: components["schemas"]["User"];
        };
        /** @description A project as it is made or changed. */
        ProjectInput: {
            /**
             * Format: uuid
             * @description An id of one's own choice, for a new project only.
             */
            id?: string;
            name?: string;
            title?: string;
            /**
             * Format: uuid
             * @description The new owner; on creation the caller is the owner, whatever stands here.
             */
            owner_id?: string | null;
            /** Format: uuid */
            group_id?: string | null;
            /** Format: uuid */
            default_dashboard_id?: string | null;
            /** @description E-mail addresses of accounts to add to the members; unknown addresses are skipped. Sent by a superadmin to the administration's operation it is the whole membership, beside the owner. */
            users?: string[];
        };
        /** @description A page of projects. */
        ProjectList: {
            projects: components["schemas"]["Project"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description The outcome of one test in one run. */
        Result: {
            /** Format: uuid */
            id: string;
            /** @description The test's name. */
            test_id: string | null;
            /**
             * Format: date-time
             * @description When the test began.
             */
            start_time: string;
            /** @description Seconds. */
            duration: number | null;
            /**
             * @description How it ended.
             * @enum {string|null}
             */
            result: "passed" | "failed" | "error" | "skipped" | "xpassed" | "xfailed" | "manual" | "blocked" | null;
            component: string | null;
            env: string | null;
            /** Format: uuid */
            run_id: string | null;
            /** Format: uuid */
            project_id: string | null;
            source: string | null;
            /** @description The values that a parametrised test ran with. */
            params: RawJson | null;
            /** @description Whatever the client noted about the test. */
            metadata: RawJson;
        };
        /** @description The outcome of a test as a client sends or changes it. Keys that are not known are ignored. */
        ResultInput: {
            /**
             * Format: uuid
             * @description An id of the client's own; the same result may then be sent again.
             */
            id?: string;
            /** @description Which test it is; metadata.title when missing in a new result. */
            test_id?: string;
            /** @description An ISO 8601 date and time; now when missing. */
            start_time?: string;
            /** @description Seconds. */
            duration?: number;
            /** @enum {string} */
            result?: "passed" | "failed" | "error" | "skipped" | "xpassed" | "xfailed" | "manual" | "blocked";
            /** @description Counts when metadata does not say it. */
            component?: string | null;
            /** @description Counts when metadata does not say it. */
            env?: string | null;
            /** @description Counts when metadata.run is missing; a text that is no UUID is ignored on creation. */
            run_id?: string | null;
            /**
             * Format: uuid
             * @description The project, when metadata does not name one.
             */
            project_id?: string | null;
            source?: string;
            /** @description The values that a parametrised test ran with. */
            params?: {
                [key: string]: unknown;
            };
            /** @description Free notes. project (an id or a name), run, env and component are read from here first; user_properties is moved up a level. A change is merged deeply into what is stored. */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description An old name of metadata, read only when a result is created without metadata. */
            data?: {
                [key: string]: unknown;
            } | unknown[] | string | number | boolean | null;
        };
        /** @description A page of results. */
        ResultList: {
            results: components["schemas"]["Result"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description One test session. */
        Run: {
            /** Format: uuid */
            id: string;
            /**
             * Format: date-time
             * @description When the server took it in.
             */
            created: string;
            /**
             * Format: date-time
             * @description When the session began.
             */
            start_time: string;
            /** @description Seconds. */
            duration: number | null;
            /** @description Who sent it, or where it came from. */
            source: string | null;
            /** @description The part of the product under test. */
            component: string | null;
            /** @description The environment under test. */
            env: string | null;
            /** Format: uuid */
            project_id: string | null;
            /** @description Counts of the run's results: errors, failures, skips, tests, xfailures, xpasses, collected, passes, pass_percent, not_run. */
            summary: RawJson | null;
            /** @description Whatever the client noted about the session. */
            metadata: RawJson;
        };
        /** @description A test session as a client sends or completes it. Keys that are not known are ignored. */
        RunInput: {
            /**
             * Format: uuid
             * @description An id of the client's own; the same run may then be sent again.
             */
            id?: string;
            /** @description An ISO 8601 date and time; now when missing. */
            created?: string;
            /** @description An ISO 8601 date and time; now when missing. */
            start_time?: string;
            /** @description Seconds. */
            duration?: number;
            source?: string | null;
            /** @description Counts when metadata does not say it; null says nothing. */
            component?: string | null;
            /** @description Counts when metadata does not say it; null says nothing. */
            env?: string | null;
            /**
             * Format: uuid
             * @description The project, when metadata does not name one.
             */
            project_id?: string | null;
            /** @description Counts as the client knows them; replaced once results tell. */
            summary?: {
                [key: string]: unknown;
            };
            /** @description Free notes. project (an id or a name), env and component are read from here first. A change is merged deeply into what is stored. */
            metadata?: {
                [key: string]: unknown;
            } | null;
            /** @description An old name of metadata, read only when a run is created without metadata. */
            data?: {
                [key: string]: unknown;
            } | unknown[] | string | number | boolean | null;
        };
        /** @description A page of runs. */
        RunList: {
            runs: components["schemas"]["Run"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description An order to a background worker. */
        RunTask: {
            /** @description The token of a superadmin. */
            token?: string;
            /** @description Module and function, with a dot between. */
            task?: string;
            /** @description Arguments by name. */
            params?: {
                [key: string]: unknown;
            };
        };
        /** @description The page is too large to wait for; a task collects it. */
        TaskAccepted: {
            /** Format: uuid */
            task_id: string;
            /** @description The same for people. */
            message: string;
            /** @description Where to ask for the outcome, below /api. */
            query_endpoint: string;
        };
        /** @description A task that failed. */
        TaskFailed: {
            /** @description FAILURE. */
            state: string;
            message: string;
            /** @description The reason, line by line. */
            error: string[];
        };
        /** @description A task that has not ended, or that nobody knows. */
        TaskPending: {
            /** @description PENDING, STARTED or RETRY. */
            state: string;
            message: string;
        };
        /** @description A task that ended well, with the page that it collected. */
        TaskState: {
            /** @description SUCCESS. */
            state: string;
            message: string;
            results?: RawJson;
            runs?: RawJson;
            pagination?: components["schemas"]["Pagination"];
        };
        /** @description An API token with its secret. */
        Token: {
            /** Format: uuid */
            id: string;
            /** @description What its owner calls it. */
            name: string;
            /** @description The JSON Web Token itself. */
            token: string;
            /**
             * Format: date-time
             * @description When it stops working; null for the token of a login.
             */
            expires: string | null;
            /**
             * Format: uuid
             * @description Whose it is.
             */
            user_id: string;
            /**
             * Format: uuid
             * @description Where runs and results go that name no project; missing when the token has no such project.
             */
            default_project_id?: string;
        };
        /** @description A page of API tokens. */
        TokenList: {
            tokens: components["schemas"]["Token"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description What several runs get at once. */
        UpdateRun: {
            /** @description Keys that a run lacks, or has as null, are filled in; nothing is overwritten. */
            metadata?: {
                [key: string]: unknown;
            };
        };
        /** @description An account, without its secrets. */
        User: {
            /** Format: uuid */
            id: string;
            /** @description The address that the account is known by. */
            email: string;
            /** @description The display name. */
            name: string | null;
            /** @description May see and change everything. */
            is_superadmin: boolean;
            /** @description An account that is not active cannot log in. */
            is_active: boolean;
            /**
             * Format: uuid
             * @description The group that the account is put in.
             */
            group_id: string | null;
            /** @description Projects that the account is a member of. Only administrators see them, in the list and in a single account. */
            projects?: components["schemas"]["Project"][];
        };
        /** @description An account as an administrator makes or changes it. */
        UserInput: {
            /**
             * Format: uuid
             * @description An id of one's own choice, for a new account only.
             */
            id?: string;
            /**
             * Format: email
             * @description Each address can have one account.
             */
            email: string;
            /** @description The display name. */
            name?: string | null;
            /** @description A new account is none unless told. */
            is_superadmin?: boolean;
            /** @description A new account is not active unless told. */
            is_active?: boolean;
            /** Format: uuid */
            group_id?: string | null;
            /** @description In plain text; stored as a hash. Without one nobody can log in to the account by password. */
            password?: string | null;
            /** @description On change: exactly these projects the account is a member of afterwards. A list that is not sent empties the membership. */
            projects?: {
                /** Format: uuid */
                id: string;
            }[];
        };
        /** @description A page of accounts. */
        UserList: {
            users: components["schemas"]["User"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description Answer of accessibility-analysis-view: the ids of runs, as they were sent. */
        WidgetAccessibilityAnalysisView: string[];
        /** @description Answer of accessibility-bar-chart: two bars and their total. */
        WidgetAccessibilityBarChart: ({
            x: string;
            y: number;
            /** @description Percent of the total. */
            ratio: number;
        } | {
            total: number;
        })[];
        /** @description The data of a widget; each type has a shape of its own. */
        WidgetAnswer: components["schemas"]["WidgetHeatmap"] | components["schemas"]["WidgetRunAggregator"] | components["schemas"]["WidgetResultSummary"] | components["schemas"]["WidgetResultAggregator"] | components["schemas"]["WidgetImportanceComponent"] | components["schemas"]["WidgetCompareRunsView"] | components["schemas"]["WidgetAccessibilityAnalysisView"] | components["schemas"]["WidgetAccessibilityBarChart"] | components["schemas"]["WidgetJenkinsJobView"] | components["schemas"]["WidgetJenkinsBarChart"] | components["schemas"]["WidgetJenkinsLineChart"] | components["schemas"]["WidgetJenkinsAnalysisView"];
        /** @description Answer of compare-runs-view: pairs of results of the same test that ended differently. */
        WidgetCompareRunsView: {
            results: components["schemas"]["Result"][][];
            pagination: {
                totalItems: number;
            };
        };
        /** @description A widget that somebody placed, with its parameters. */
        WidgetConfig: {
            /** Format: uuid */
            id: string;
            /** @description Whether a view shows in the navigation. */
            navigable: boolean | null;
            /** @description Values for the parameters of the widget's type. */
            params: RawJson | null;
            /** Format: uuid */
            project_id: string | null;
            /** Format: uuid */
            dashboard_id: string | null;
            title: string | null;
            /** @description widget or view. */
            type: string | null;
            /** @description Lighter ones come first. */
            weight: number | null;
            /** @description Id of the widget's type. */
            widget: string | null;
        };
        /** @description A widget as it is placed or changed. */
        WidgetConfigInput: {
            /**
             * Format: uuid
             * @description An id of one's own choice, for a new one only.
             */
            id?: string;
            type?: string;
            widget?: string;
            /** @description Id or name of the project that it goes to. */
            project?: string | null;
            /** Format: uuid */
            project_id?: string;
            /** Format: uuid */
            dashboard_id?: string | null;
            weight?: number;
            /** @description Replaces the stored parameters; names that the type does not know are dropped. */
            params?: {
                [key: string]: unknown;
            };
            title?: string;
            /** @description As a text it means true when it begins with y, t or 1. */
            navigable?: boolean | string | null;
        };
        /** @description A page of placed widgets. */
        WidgetConfigList: {
            widgets: components["schemas"]["WidgetConfig"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description Answer of jenkins-heatmap and filter-heatmap. */
        WidgetHeatmap: {
            /** @description For each group its slope, then its cells, oldest first. */
            heatmap: {
                [key: string]: (components["schemas"]["WidgetHeatmapSlope"] | components["schemas"]["WidgetHeatmapCell"])[];
            };
        };
        /** @description Pass rate in percent (or "Build failed"), id of the run (or "None"), annotations of the run, and the number of the build. */
        WidgetHeatmapCell: [
            number | string,
            string,
            components["schemas"]["JsonValue"],
            string
        ];
        /** @description The trend of the cells that follow, oldest first, and a zero. */
        WidgetHeatmapSlope: [
            number,
            number
        ];
        /** @description How the results of one importance did in one build. */
        WidgetImportanceCell: {
            /** @description The passed share, 0 to 1; "N/A" or "NA" where there is nothing to share. */
            percentage: number | string;
            /** @description Ids of the results. */
            result_list: string[];
        };
        /** @description Answer of importance-component. */
        WidgetImportanceComponent: {
            table_data: {
                component: string;
                /** @description Build numbers. */
                bnums: string[];
                importances: string[];
                /** @description By build number. */
                data: {
                    [key: string]: {
                        [key: string]: components["schemas"]["WidgetImportanceCell"];
                    };
                };
            }[];
        };
        /** @description Answer of jenkins-analysis-view: parameters for its three parts. */
        WidgetJenkinsAnalysisView: {
            barchart_params: {
                job_name: string;
                builds: number;
                project?: string;
            };
            heatmap_params: {
                job_name: string;
                builds: number;
                group_field: string;
                count_skips: boolean;
                project?: string;
            };
            linechart_params: {
                job_name: string;
                builds: number;
                project?: string;
            };
        };
        /** @description Answer of jenkins-bar-chart: for each outcome a count per build. */
        WidgetJenkinsBarChart: {
            /** @description Count, by build number. */
            passed: {
                [key: string]: number;
            };
            /** @description Count, by build number. */
            skipped: {
                [key: string]: number;
            };
            /** @description Count, by build number. */
            error: {
                [key: string]: number;
            };
            /** @description Count, by build number. */
            failed: {
                [key: string]: number;
            };
            /** @description Count, by build number. */
            xfailed: {
                [key: string]: number;
            };
            /** @description Count, by build number. */
            xpassed: {
                [key: string]: number;
            };
        };
        /** @description A build of a Jenkins job, over all its runs. */
        WidgetJenkinsJob: {
            /** @description Job name and build number. */
            _id: string;
            build_number: string | null;
            build_url: string | null;
            /** @description Seconds from the first start to the last end. */
            duration: number;
            env: string | null;
            job_name: string | null;
            source: string | null;
            /** Format: date-time */
            start_time: string | null;
            /** @description Sums over the runs. */
            summary: {
                xfailures: number;
                xpasses: number;
                errors: number;
                failures: number;
                skips: number;
                tests: number;
                passes: number;
            };
            /** @description Sum of the runs' durations, in seconds. */
            total_execution_time: number | null;
        };
        /** @description Answer of jenkins-job-view. */
        WidgetJenkinsJobView: {
            jobs: components["schemas"]["WidgetJenkinsJob"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description Answer of jenkins-line-chart: how many hours each build took. */
        WidgetJenkinsLineChart: {
            /** @description Hours, by build number. */
            duration: {
                [key: string]: number;
            };
            /** @description Hours of work, by build number; only when it differs from the duration. */
            total_execution_time?: {
                [key: string]: number;
            };
        };
        /** @description A parameter of a widget type. */
        WidgetParam: {
            name: string;
            description: string;
            /** @description string, integer, float, boolean or list. */
            type: string;
            /** @description Whether the web pages insist on it. */
            required?: boolean;
            /** @description What the web pages start from. */
            default?: string | number | boolean;
        };
        /** @description Answer of result-aggregator: the values of a field, with their counts unless only the values were asked for. */
        WidgetResultAggregator: {
            _id: components["schemas"]["JsonValue"];
            count?: number;
        }[];
        /** @description Answer of result-summary: how many results ended how. */
        WidgetResultSummary: {
            error: number;
            skipped: number;
            failed: number;
            passed: number;
            total: number;
            xfailed: number;
            xpassed: number;
        };
        /** @description Answer of run-aggregator: for each outcome its share in percent, per group. */
        WidgetRunAggregator: {
            /** @description Percent, by group. */
            passed: {
                [key: string]: number;
            };
            /** @description Percent, by group. */
            skipped: {
                [key: string]: number;
            };
            /** @description Percent, by group. */
            error: {
                [key: string]: number;
            };
            /** @description Percent, by group. */
            failed: {
                [key: string]: number;
            };
            /** @description Percent, by group. */
            xfailed: {
                [key: string]: number;
            };
            /** @description Percent, by group. */
            xpassed: {
                [key: string]: number;
            };
        };
        /** @description A kind of widget. */
        WidgetType: {
            id: string;
            title: string;
            description?: string;
            params: components["schemas"]["WidgetParam"][];
            /** @description widget or view. */
            type: string;
        };
        /** @description A page of widget types. */
        WidgetTypeList: {
            types: components["schemas"]["WidgetType"][];
            pagination: components["schemas"]["Pagination"];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Send requests here. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Send requests elsewhere for now. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getDatabaseHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The database answers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealthInfo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The addresses. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthInfo"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Who logs in. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description The login, with its token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginToken"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The login or the registration is refused. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginError"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts on this account or from this address, or too many large pages on their way. */
            429: {
                headers: {
                    /** @description How many seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    support: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One switch for each way. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginSupport"];
                };
            };
        };
    };
    config: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description keycloak, google, github, gitlab or facebook. */
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the login page needs to know. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginConfig"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    startLogin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description github, gitlab or keycloak. */
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the provider. */
            302: {
                headers: {
                    /** @description A page of the provider. */
                    Location?: string;
                    /** @description What the login was begun with; signed, for this browser alone. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    authWithoutPrefix: {
        parameters: {
            query?: {
                /** @description The provider's code (Google: its ID token). */
                code?: string;
                /** @description What this server gave the provider along when it began the login; it has to come back unchanged. */
                state?: string;
            };
            header?: never;
            path: {
                /** @description keycloak, google, github or gitlab. */
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The login: for a popup (GitHub, GitLab) a page that hands it to its opener, else JSON. */
            200: {
                headers: {
                    /** @description Takes the cookie of the login's beginning away. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                    "application/json": components["schemas"]["LoginToken"];
                };
            };
            /** @description Back to the web pages, with the login in the address (Keycloak). */
            302: {
                headers: {
                    /** @description A page of the frontend. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The provider does not vouch for the caller or cannot be reached, or the account is not active. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"] | components["schemas"]["LoginError"];
                };
            };
            /** @description Too many attempts on this account or from this address, or too many large pages on their way. */
            429: {
                headers: {
                    /** @description How many seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth: {
        parameters: {
            query?: {
                /** @description The provider's code (Google: its ID token). */
                code?: string;
                /** @description What this server gave the provider along when it began the login; it has to come back unchanged. */
                state?: string;
            };
            header?: never;
            path: {
                /** @description keycloak, google, github or gitlab. */
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The login: for a popup (GitHub, GitLab) a page that hands it to its opener, else JSON. */
            200: {
                headers: {
                    /** @description Takes the cookie of the login's beginning away. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                    "application/json": components["schemas"]["LoginToken"];
                };
            };
            /** @description Back to the web pages, with the login in the address (Keycloak). */
            302: {
                headers: {
                    /** @description A page of the frontend. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The provider does not vouch for the caller or cannot be reached, or the account is not active. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"] | components["schemas"]["LoginError"];
                };
            };
            /** @description Too many attempts on this account or from this address, or too many large pages on their way. */
            429: {
                headers: {
                    /** @description How many seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The new account. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountRegistration"];
            };
        };
        responses: {
            /** @description The account is made; the mail is on its way. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Empty"];
                };
            };
            /** @description The body, the code or the password cannot be used. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"] | components["schemas"]["LoginError"];
                };
            };
            /** @description The login or the registration is refused. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginError"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts on this account or from this address, or too many large pages on their way. */
            429: {
                headers: {
                    /** @description How many seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    activate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The code of the mail: URL-safe base64 without padding. */
                activation_code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the login page, with the outcome in the query. */
            302: {
                headers: {
                    /** @description The login page of the frontend. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no code in the path. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recover: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Whose password is lost. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountRecovery"];
            };
        };
        responses: {
            /** @description Noted. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Empty"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts on this account or from this address, or too many large pages on their way. */
            429: {
                headers: {
                    /** @description How many seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resetPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The code and the new password. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountReset"];
            };
        };
        responses: {
            /** @description The new password is set. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Empty"];
                };
            };
            /** @description The body, the code or the password cannot be used. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"] | components["schemas"]["LoginError"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts on this account or from this address, or too many large pages on their way. */
            429: {
                headers: {
                    /** @description How many seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCurrentUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller's account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateCurrentUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The new name. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["CurrentUserInput"];
            };
        };
        responses: {
            /** @description The account as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTokenList: {
        parameters: {
            query?: {
                /** @description Which page; 1 unless told. Numbers below 1 give the first page. */
                page?: number;
                /** @description How many rows a page holds; 25 unless told. */
                pageSize?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tokens. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenList"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Name and end of the token. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateToken"];
            };
        };
        responses: {
            /** @description The token. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    deleteToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    getProjectList: {
        parameters: {
            query?: {
                /** @description A condition on a field, such as env=stage or metadata.jenkins.build_number>140. May be repeated; all conditions have to hold. */
                filter?: string[];
                /** @description Only projects that this account owns. */
                ownerId?: string;
                /** @description Only projects of this group. */
                groupId?: string;
                /** @description Which page; 1 unless told. Numbers below 1 give the first page. */
                page?: number;
                /** @description How many rows a page holds; 25 unless told. */
                pageSize?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The projects. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectList"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addProject: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The project. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectInput"];
            };
        };
        responses: {
            /** @description The new project. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The project. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No valid token (a problem), or the operation refuses with this status for a reason of its own (a text). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    updateProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        /** @description What to change. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectInput"];
            };
        };
        responses: {
            /** @description The project as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFilterParams: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The names, in no particular order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FilterParams"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    getGroupList: {
        parameters: {
            query?: {
                /** @description Which page; 1 unless told. Numbers below 1 give the first page. */
                page?: number;
                /** @description How many rows a page holds; 25 unless told. */
                pageSize?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The groups. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupList"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addGroup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The group. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupInput"];
            };
        };
        responses: {
            /** @description The new group. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The group. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    updateGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        /** @description What to change. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupInput"];
            };
        };
        responses: {
            /** @description The group as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRunList: {
        parameters: {
            query?: {
                /** @description A condition on a field, such as env=stage or metadata.jenkins.build_number>140. May be repeated; all conditions have to hold. */
                filter?: string[];
                /** @description Lets the database guess the total of a large list, which is much faster than counting. */
                estimate?: boolean;
                /** @description Which page; 1 unless told. Numbers below 1 give the first page. */
                page?: number;
                /** @description How many rows a page holds; 25 unless told. */
                pageSize?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunList"];
                };
            };
            /** @description A task collects the page. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskAccepted"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description Too many attempts on this account or from this address, or too many large pages on their way. */
            429: {
                headers: {
                    /** @description How many seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addRun: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The run. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunInput"];
            };
        };
        responses: {
            /** @description The stored run. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    updateRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        /** @description What to change. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunInput"];
            };
        };
        responses: {
            /** @description The run as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    bulkUpdate: {
        parameters: {
            query?: {
                /** @description A condition on a field, such as env=stage or metadata.jenkins.build_number>140. May be repeated; all conditions have to hold. */
                filter?: string[];
                /** @description How many runs at most; 1 unless told. */
                pageSize?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The metadata to fill in. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateRun"];
            };
        };
        responses: {
            /** @description The changed runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunList"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No valid token (a problem), or the operation refuses with this status for a reason of its own (a text). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description More runs than one request may change. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getResultList: {
        parameters: {
            query?: {
                /** @description A condition on a field, such as env=stage or metadata.jenkins.build_number>140. May be repeated; all conditions have to hold. */
                filter?: string[];
                /** @description Lets the database guess the total of a large list, which is much faster than counting. */
                estimate?: boolean;
                /** @description Which page; 1 unless told. Numbers below 1 give the first page. */
                page?: number;
                /** @description How many rows a page holds; 25 unless told. */
                pageSize?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultList"];
                };
            };
            /** @description A task collects the page. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskAccepted"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description Too many attempts on this account or from this address, or too many large pages on their way. */
            429: {
                headers: {
                    /** @description How many seconds to wait. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addResult: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The result. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResultInput"];
            };
        };
        responses: {
            /** @description The stored result. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Result"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getResult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Result"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    updateResult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        /** @description What to change. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResultInput"];
            };
        };
        responses: {
            /** @description The result as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Result"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getArtifactList: {
        parameters: {
            query?: {
                /** @description Only those of this result. */
                resultId?: string;
                /** @description The older name of resultId; it counts when both are sent. */
                result_id?: string;
                /** @description Only those of this run itself. */
                runId?: string;
                /** @description Which page; 1 unless told. Numbers below 1 give the first page. */
                page?: number;
                /** @description How many rows a page holds; 25 unless told. */
                pageSize?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The artifacts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtifactList"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    uploadArtifact: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The file and what it belongs to. */
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["ArtifactUpload"];
            };
        };
        responses: {
            /** @description The stored artifact, without its bytes. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Artifact"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getArtifact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The artifact. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Artifact"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    deleteArtifact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    viewArtifact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file's bytes. */
            200: {
                headers: {
                    /** @description Always nosniff. */
                    "X-Content-Type-Options"?: string;
                    /** @description Puts what a browser shows into a sandbox without scripts. */
                    "Content-Security-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                    "text/html": string;
                    "text/xml": string;
                    "text/csv": string;
                    "text/rtf": string;
                    "text/vtt": string;
                    "text/x-c": string;
                    "text/x-diff": string;
                    "text/x-msdos-batch": string;
                    "text/x-perl": string;
                    "text/x-php": string;
                    "text/x-script.python": string;
                    "text/x-shellscript": string;
                    "message/rfc822": string;
                    "image/jpeg": string;
                    "image/png": string;
                    "image/gif": string;
                    "image/webp": string;
                    "image/bmp": string;
                    "image/tiff": string;
                    "image/svg+xml": string;
                    "video/mp4": string;
                    "video/webm": string;
                    "video/x-matroska": string;
                    "video/x-msvideo": string;
                    "audio/x-wav": string;
                    "application/json": unknown;
                    "application/x-ndjson": string;
                    "application/javascript": string;
                    "application/pdf": string;
                    "application/gzip": string;
                    "application/zip": string;
                    "application/x-tar": string;
                    "application/x-bzip2": string;
                    "application/x-xz": string;
                    "application/x-7z-compressed": string;
                    "application/zstd": string;
                    "application/wasm": string;
                    "application/x-empty": string;
                    "application/octet-stream": string;
                };
            };
            /** @description The id is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to the file. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such artifact. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    downloadArtifact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file's bytes, to be stored. */
            200: {
                headers: {
                    /** @description attachment, with the file's name as RFC 6266 writes it. */
                    "Content-Disposition"?: string;
                    /** @description Always nosniff. */
                    "X-Content-Type-Options"?: string;
                    /** @description Puts what a browser shows into a sandbox without scripts. */
                    "Content-Security-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                    "text/html": string;
                    "text/xml": string;
                    "text/csv": string;
                    "text/rtf": string;
                    "text/vtt": string;
                    "text/x-c": string;
                    "text/x-diff": string;
                    "text/x-msdos-batch": string;
                    "text/x-perl": string;
                    "text/x-php": string;
                    "text/x-script.python": string;
                    "text/x-shellscript": string;
                    "message/rfc822": string;
                    "image/jpeg": string;
                    "image/png": string;
                    "image/gif": string;
                    "image/webp": string;
                    "image/bmp": string;
                    "image/tiff": string;
                    "image/svg+xml": string;
                    "video/mp4": string;
                    "video/webm": string;
                    "video/x-matroska": string;
                    "video/x-msvideo": string;
                    "audio/x-wav": string;
                    "application/json": unknown;
                    "application/x-ndjson": string;
                    "application/javascript": string;
                    "application/pdf": string;
                    "application/gzip": string;
                    "application/zip": string;
                    "application/x-tar": string;
                    "application/x-bzip2": string;
                    "application/x-xz": string;
                    "application/x-7z-compressed": string;
                    "application/zstd": string;
                    "application/wasm": string;
                    "application/x-empty": string;
                    "application/octet-stream": string;
                };
            };
            /** @description The id is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to the file. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such artifact. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    getImportList: {
        parameters: {
            query?: {
                /** @description A condition on a field, such as env=stage or metadata.jenkins.build_number>140. May be repeated; all conditions have to hold. */
                filter?: string[];
                /** @description Which page; 1 unless told. Numbers below 1 give the first page. */
                page?: number;
                /** @description How many rows a page holds; 25 unless told. */
                pageSize?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The imports. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportList"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addImport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The file and where it goes. */
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["ImportUpload"];
            };
        };
        responses: {
            /** @description The import, still pending. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is no form (a problem), or the file is neither .xml nor .tar.gz (a text). */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    getImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The import. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description The import, not finished yet (kept for clients that know it). */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    getTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It ended well; here is the page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskState"];
                };
            };
            /** @description It failed. */
            203: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskFailed"];
                };
            };
            /** @description It has not ended yet, or nobody knows it. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskPending"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    getDashboardList: {
        parameters: {
            query?: {
                /** @description A condition on a field, such as env=stage or metadata.jenkins.build_number>140. May be repeated; all conditions have to hold. */
                filter?: string[];
                /** @description Only those of this project. */
                project_id?: string;
                /** @description Taken but not looked at. */
                user_id?: string;
                /** @description Which page; 1 unless told. Numbers below 1 give the first page. */
                page?: number;
                /** @description How many rows a page holds; 25 unless told. */
                pageSize?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dashboards. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DashboardList"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    addDashboard: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The dashboard. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["DashboardInput"];
            };
        };
        responses: {
            /** @description The new dashboard. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dashboard"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDashboard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dashboard. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dashboard"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    updateDashboard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        /** @description What to change. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["DashboardInput"];
            };
        };
        responses: {
            /** @description The dashboard as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dashboard"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteDashboard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    getWidgetConfigList: {
        parameters: {
            query?: {
                /** @description A condition on a field, such as env=stage or metadata.jenkins.build_number>140. May be repeated; all conditions have to hold. */
                filter?: string[];
                /** @description Which page; 1 unless told. Numbers below 1 give the first page. */
                page?: number;
                /** @description How many rows a page holds; 25 unless told. */
                pageSize?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The widgets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WidgetConfigList"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addWidgetConfig: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The widget. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["WidgetConfigInput"];
            };
        };
        responses: {
            /** @description The placed widget. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WidgetConfig"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWidgetConfig: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The widget. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WidgetConfig"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    updateWidgetConfig: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        /** @description What to change. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["WidgetConfigInput"];
            };
        };
        responses: {
            /** @description The widget as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WidgetConfig"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteWidgetConfig: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    getWidgetTypes: {
        parameters: {
            query?: {
                /** @description Only views (view) or only widgets (widget). */
                type?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The types. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WidgetTypeList"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWidget: {
        parameters: {
            query?: {
                /** @description Stands for the parameters below; a parameter of just this name is refused. */
                params?: {
                    [key: string]: unknown;
                };
                /** @description Filters. Most types read one text, with commas between; compare-runs-view and jenkins-job-view read every occurrence. */
                additional_filters?: string[];
                /** @description The older name of additional_filters for jenkins-job-view. */
                filter?: string[];
                /** @description The older name of additional_filters for compare-runs-view. */
                filters?: string[];
                /** @description Ids of runs. */
                run_list?: string[];
                /** @description Id of the project to look at. */
                project?: string;
                /** @description The field that rows are grouped by. */
                group_field?: string;
                /** @description How many builds: an integer. */
                builds?: string;
                /** @description Name of a Jenkins job. */
                job_name?: string;
                /** @description The older name of job_name for jenkins-heatmap. */
                jenkins_job_name?: string;
                /** @description Whether skipped tests spoil the pass rate: true when it begins with y, t or 1. */
                count_skips?: string;
                /** @description How many weeks to look back: an integer. */
                weeks?: string;
                /** @description How many days to look back: a number. */
                days?: string;
                /** @description Only results of this run. */
                run_id?: string;
                /** @description Values without counts: true when it begins with y, t or 1. */
                for_filter?: string;
                /** @description Only runs from this source. */
                source?: string;
                /** @description Only this environment. */
                env?: string;
                /** @description Components, with commas between. */
                components?: string;
                /** @description Which page of builds: an integer. */
                page?: string;
                /** @description How many builds a page holds: an integer. */
                page_size?: string;
                /** @description How many runs to look at, newest first: an integer. */
                run_limit?: string;
            };
            header?: never;
            path: {
                /** @description The type of the widget. */
                id: "compare-runs-view" | "accessibility-dashboard-view" | "accessibility-analysis-view" | "accessibility-bar-chart" | "jenkins-analysis-view" | "jenkins-bar-chart" | "jenkins-heatmap" | "filter-heatmap" | "importance-component" | "jenkins-job-view" | "jenkins-line-chart" | "run-aggregator" | "result-summary" | "result-aggregator";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The data; its shape depends on the type. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WidgetAnswer"];
                };
            };
            /** @description This type has no data, or there is none to show. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller has no right to it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
        };
    };
    adminGetUserList: {
        parameters: {
            query?: {
                /** @description A condition on a field, such as env=stage or metadata.jenkins.build_number>140. May be repeated; all conditions have to hold. */
                filter?: string[];
                /** @description Which page; 1 unless told. Numbers below 1 give the first page. */
                page?: number;
                /** @description How many rows a page holds; 25 unless told. */
                pageSize?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The accounts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserList"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only superadmins may. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adminAddUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The account. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserInput"];
            };
        };
        responses: {
            /** @description The new account, without projects. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only superadmins may. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adminGetUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only superadmins may. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adminUpdateUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        /** @description What to change. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserInput"];
            };
        };
        responses: {
            /** @description The account as it is now, without projects. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only superadmins may. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adminDeleteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only superadmins may. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adminGetProjectList: {
        parameters: {
            query?: {
                /** @description A condition on a field, such as env=stage or metadata.jenkins.build_number>140. May be repeated; all conditions have to hold. */
                filter?: string[];
                /** @description Only projects that this account owns. */
                ownerId?: string;
                /** @description Only projects of this group. */
                groupId?: string;
                /** @description Which page; 1 unless told. Numbers below 1 give the first page. */
                page?: number;
                /** @description How many rows a page holds; 25 unless told. */
                pageSize?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The projects. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectList"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only superadmins may. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adminAddProject: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The project. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectInput"];
            };
        };
        responses: {
            /** @description The new project. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only superadmins may. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adminGetProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The project. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only superadmins may. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adminUpdateProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        /** @description What to change. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectInput"];
            };
        };
        responses: {
            /** @description The project as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description A parameter, the body or a value in it cannot be used. Schemas refuse with a problem, rules with a text. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only superadmins may. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has a content type that the operation does not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adminDeleteProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The object's id; any spelling of a UUID. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description The id, or the code, is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorText"];
                };
            };
            /** @description No token, or one that is malformed, expired or no longer valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Only superadmins may. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such object. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runTask: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The job and the right to start it. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunTask"];
            };
        };
        responses: {
            /** @description The job is queued. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description The body is no JSON object, names no job, or names one with the wrong parameters. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": components["schemas"]["ErrorText"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has no token (a phrase), or no valid one (a problem). */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": components["schemas"]["ErrorText"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token is no superadmin's. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": components["schemas"]["ErrorText"];
                };
            };
            /** @description There is no such job. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": components["schemas"]["ErrorText"];
                };
            };
            /** @description The body, or a field of the form, is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
