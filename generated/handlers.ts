// Generated from openapi/ by npm run generate. Do not edit.

import type { Readable } from 'node:stream'
import type { OperationId } from './operations.ts'
import type { operations } from './types.ts'

export type ReplyHeaders = Readonly<Record<string, string>>

/** No members at all: an operation without such parameters. */
export type None = Readonly<Record<string, never>>

/** A media type, alone or with parameters such as a charset. */
export type MediaType<T extends string> = T | `${T};${string}`

export interface OperationRequests {
  getHealth: {
    readonly params: None
    readonly query: None
    readonly body: undefined
  }
  getReadiness: {
    readonly params: None
    readonly query: None
    readonly body: undefined
  }
  getDatabaseHealth: {
    readonly params: None
    readonly query: None
    readonly body: undefined
  }
  getHealthInfo: {
    readonly params: None
    readonly query: None
    readonly body: undefined
  }
  login: {
    readonly params: None
    readonly query: None
    readonly body: NonNullable<operations['login']['requestBody']>['content']['application/json']
  }
  support: {
    readonly params: None
    readonly query: None
    readonly body: undefined
  }
  config: {
    readonly params: Readonly<NonNullable<operations['config']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  startLogin: {
    readonly params: Readonly<NonNullable<operations['startLogin']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  authWithoutPrefix: {
    readonly params: Readonly<NonNullable<operations['authWithoutPrefix']['parameters']['path']>>
    readonly query: Readonly<NonNullable<operations['authWithoutPrefix']['parameters']['query']>>
    readonly body: undefined
  }
  auth: {
    readonly params: Readonly<NonNullable<operations['auth']['parameters']['path']>>
    readonly query: Readonly<NonNullable<operations['auth']['parameters']['query']>>
    readonly body: undefined
  }
  register: {
    readonly params: None
    readonly query: None
    readonly body: NonNullable<operations['register']['requestBody']>['content']['application/json']
  }
  activate: {
    readonly params: Readonly<NonNullable<operations['activate']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  recover: {
    readonly params: None
    readonly query: None
    readonly body: NonNullable<operations['recover']['requestBody']>['content']['application/json']
  }
  resetPassword: {
    readonly params: None
    readonly query: None
    readonly body: NonNullable<operations['resetPassword']['requestBody']>['content']['application/json']
  }
  getCurrentUser: {
    readonly params: None
    readonly query: None
    readonly body: undefined
  }
  updateCurrentUser: {
    readonly params: None
    readonly query: None
    readonly body: NonNullable<operations['updateCurrentUser']['requestBody']>['content']['application/json']
  }
  getTokenList: {
    readonly params: None
    readonly query: Readonly<NonNullable<operations['getTokenList']['parameters']['query']>>
    readonly body: undefined
  }
  addToken: {
    readonly params: None
    readonly query: None
    readonly body: NonNullable<operations['addToken']['requestBody']>['content']['application/json']
  }
  getToken: {
    readonly params: Readonly<NonNullable<operations['getToken']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  deleteToken: {
    readonly params: Readonly<NonNullable<operations['deleteToken']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  getProjectList: {
    readonly params: None
    readonly query: Readonly<NonNullable<operations['getProjectList']['parameters']['query']>>
    readonly body: undefined
  }
  addProject: {
    readonly params: None
    readonly query: None
    readonly body: NonNullable<operations['addProject']['requestBody']>['content']['application/json']
  }
  getProject: {
    readonly params: Readonly<NonNullable<operations['getProject']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  updateProject: {
    readonly params: Readonly<NonNullable<operations['updateProject']['parameters']['path']>>
    readonly query: None
    readonly body: NonNullable<operations['updateProject']['requestBody']>['content']['application/json']
  }
  getFilterParams: {
    readonly params: Readonly<NonNullable<operations['getFilterParams']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  getGroupList: {
    readonly params: None
    readonly query: Readonly<NonNullable<operations['getGroupList']['parameters']['query']>>
    readonly body: undefined
  }
  addGroup: {
    readonly params: None
    readonly query: None
    readonly body: NonNullable<operations['addGroup']['requestBody']>['content']['application/json']
  }
  getGroup: {
    readonly params: Readonly<NonNullable<operations['getGroup']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  updateGroup: {
    readonly params: Readonly<NonNullable<operations['updateGroup']['parameters']['path']>>
    readonly query: None
    readonly body: NonNullable<operations['updateGroup']['requestBody']>['content']['application/json']
  }
  getRunList: {
    readonly params: None
    readonly query: Readonly<NonNullable<operations['getRunList']['parameters']['query']>>
    readonly body: undefined
  }
  addRun: {
    readonly params: None
    readonly query: None
    readonly body: NonNullable<operations['addRun']['requestBody']>['content']['application/json']
  }
  getRun: {
    readonly params: Readonly<NonNullable<operations['getRun']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  updateRun: {
    readonly params: Readonly<NonNullable<operations['updateRun']['parameters']['path']>>
    readonly query: None
    readonly body: NonNullable<operations['updateRun']['requestBody']>['content']['application/json']
  }
  bulkUpdate: {
    readonly params: None
    readonly query: Readonly<NonNullable<operations['bulkUpdate']['parameters']['query']>>
    readonly body: NonNullable<operations['bulkUpdate']['requestBody']>['content']['application/json']
  }
  getResultList: {
    readonly params: None
    readonly query: Readonly<NonNullable<operations['getResultList']['parameters']['query']>>
    readonly body: undefined
  }
  addResult: {
    readonly params: None
    readonly query: None
    readonly body: NonNullable<operations['addResult']['requestBody']>['content']['application/json']
  }
  getResult: {
    readonly params: Readonly<NonNullable<operations['getResult']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  updateResult: {
    readonly params: Readonly<NonNullable<operations['updateResult']['parameters']['path']>>
    readonly query: None
    readonly body: NonNullable<operations['updateResult']['requestBody']>['content']['application/json']
  }
  getArtifactList: {
    readonly params: None
    readonly query: Readonly<NonNullable<operations['getArtifactList']['parameters']['query']>>
    readonly body: undefined
  }
  uploadArtifact: {
    readonly params: None
    readonly query: None
    readonly body: NonNullable<operations['uploadArtifact']['requestBody']>['content']['multipart/form-data']
  }
  getArtifact: {
    readonly params: Readonly<NonNullable<operations['getArtifact']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  deleteArtifact: {
    readonly params: Readonly<NonNullable<operations['deleteArtifact']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  viewArtifact: {
    readonly params: Readonly<NonNullable<operations['viewArtifact']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  downloadArtifact: {
    readonly params: Readonly<NonNullable<operations['downloadArtifact']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  getImportList: {
    readonly params: None
    readonly query: Readonly<NonNullable<operations['getImportList']['parameters']['query']>>
    readonly body: undefined
  }
  addImport: {
    readonly params: None
    readonly query: None
    readonly body: Readable
  }
  getImport: {
    readonly params: Readonly<NonNullable<operations['getImport']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  getTask: {
    readonly params: Readonly<NonNullable<operations['getTask']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  getDashboardList: {
    readonly params: None
    readonly query: Readonly<NonNullable<operations['getDashboardList']['parameters']['query']>>
    readonly body: undefined
  }
  addDashboard: {
    readonly params: None
    readonly query: None
    readonly body: NonNullable<operations['addDashboard']['requestBody']>['content']['application/json']
  }
  getDashboard: {
    readonly params: Readonly<NonNullable<operations['getDashboard']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  updateDashboard: {
    readonly params: Readonly<NonNullable<operations['updateDashboard']['parameters']['path']>>
    readonly query: None
    readonly body: NonNullable<operations['updateDashboard']['requestBody']>['content']['application/json']
  }
  deleteDashboard: {
    readonly params: Readonly<NonNullable<operations['deleteDashboard']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  getWidgetConfigList: {
    readonly params: None
    readonly query: Readonly<NonNullable<operations['getWidgetConfigList']['parameters']['query']>>
    readonly body: undefined
  }
  addWidgetConfig: {
    readonly params: None
    readonly query: None
    readonly body: NonNullable<operations['addWidgetConfig']['requestBody']>['content']['application/json']
  }
  getWidgetConfig: {
    readonly params: Readonly<NonNullable<operations['getWidgetConfig']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  updateWidgetConfig: {
    readonly params: Readonly<NonNullable<operations['updateWidgetConfig']['parameters']['path']>>
    readonly query: None
    readonly body: NonNullable<operations['updateWidgetConfig']['requestBody']>['content']['application/json']
  }
  deleteWidgetConfig: {
    readonly params: Readonly<NonNullable<operations['deleteWidgetConfig']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  getWidgetTypes: {
    readonly params: None
    readonly query: Readonly<NonNullable<operations['getWidgetTypes']['parameters']['query']>>
    readonly body: undefined
  }
  getWidget: {
    readonly params: Readonly<NonNullable<operations['getWidget']['parameters']['path']>>
    readonly query: Readonly<NonNullable<operations['getWidget']['parameters']['query']>>
    readonly rawQuery: URLSearchParams
    readonly body: undefined
  }
  adminGetUserList: {
    readonly params: None
    readonly query: Readonly<NonNullable<operations['adminGetUserList']['parameters']['query']>>
    readonly body: undefined
  }
  adminAddUser: {
    readonly params: None
    readonly query: None
    readonly body: NonNullable<operations['adminAddUser']['requestBody']>['content']['application/json']
  }
  adminGetUser: {
    readonly params: Readonly<NonNullable<operations['adminGetUser']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  adminUpdateUser: {
    readonly params: Readonly<NonNullable<operations['adminUpdateUser']['parameters']['path']>>
    readonly query: None
    readonly body: NonNullable<operations['adminUpdateUser']['requestBody']>['content']['application/json']
  }
  adminDeleteUser: {
    readonly params: Readonly<NonNullable<operations['adminDeleteUser']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  adminGetProjectList: {
    readonly params: None
    readonly query: Readonly<NonNullable<operations['adminGetProjectList']['parameters']['query']>>
    readonly body: undefined
  }
  adminAddProject: {
    readonly params: None
    readonly query: None
    readonly body: NonNullable<operations['adminAddProject']['requestBody']>['content']['application/json']
  }
  adminGetProject: {
    readonly params: Readonly<NonNullable<operations['adminGetProject']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  adminUpdateProject: {
    readonly params: Readonly<NonNullable<operations['adminUpdateProject']['parameters']['path']>>
    readonly query: None
    readonly body: NonNullable<operations['adminUpdateProject']['requestBody']>['content']['application/json']
  }
  adminDeleteProject: {
    readonly params: Readonly<NonNullable<operations['adminDeleteProject']['parameters']['path']>>
    readonly query: None
    readonly body: undefined
  }
  runTask: {
    readonly params: None
    readonly query: None
    readonly body: NonNullable<operations['runTask']['requestBody']>['content']['application/json']
  }
}

export interface OperationReplies {
  getHealth:
    | { readonly status: 200; readonly body: operations['getHealth']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  getReadiness:
    | { readonly status: 200; readonly body: operations['getReadiness']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
    | { readonly status: 503; readonly body: operations['getReadiness']['responses'][503]['content']['application/json']; readonly headers?: ReplyHeaders }
  getDatabaseHealth:
    | { readonly status: 200; readonly body: operations['getDatabaseHealth']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  getHealthInfo:
    | { readonly status: 200; readonly body: operations['getHealthInfo']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  login:
    | { readonly status: 200; readonly body: operations['login']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  support:
    | { readonly status: 200; readonly body: operations['support']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  config:
    | { readonly status: 200; readonly body: operations['config']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  startLogin:
    | { readonly status: 302; readonly type: MediaType<'text/html'>; readonly body: string | Buffer; readonly headers?: ReplyHeaders }
  authWithoutPrefix:
    | { readonly status: 200; readonly type: MediaType<'text/html' | 'application/json'>; readonly body: string | Buffer; readonly headers?: ReplyHeaders }
    | { readonly status: 302; readonly type: MediaType<'text/html'>; readonly body: string | Buffer; readonly headers?: ReplyHeaders }
  auth:
    | { readonly status: 200; readonly type: MediaType<'text/html' | 'application/json'>; readonly body: string | Buffer; readonly headers?: ReplyHeaders }
    | { readonly status: 302; readonly type: MediaType<'text/html'>; readonly body: string | Buffer; readonly headers?: ReplyHeaders }
  register:
    | { readonly status: 201; readonly body: operations['register']['responses'][201]['content']['application/json']; readonly headers?: ReplyHeaders }
  activate:
    | { readonly status: 302; readonly type: MediaType<'text/html'>; readonly body: string | Buffer; readonly headers?: ReplyHeaders }
  recover:
    | { readonly status: 201; readonly body: operations['recover']['responses'][201]['content']['application/json']; readonly headers?: ReplyHeaders }
  resetPassword:
    | { readonly status: 201; readonly body: operations['resetPassword']['responses'][201]['content']['application/json']; readonly headers?: ReplyHeaders }
  getCurrentUser:
    | { readonly status: 200; readonly body: operations['getCurrentUser']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  updateCurrentUser:
    | { readonly status: 200; readonly body: operations['updateCurrentUser']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  getTokenList:
    | { readonly status: 200; readonly body: operations['getTokenList']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  addToken:
    | { readonly status: 201; readonly body: operations['addToken']['responses'][201]['content']['application/json']; readonly headers?: ReplyHeaders }
  getToken:
    | { readonly status: 200; readonly body: operations['getToken']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  deleteToken:
    | { readonly status: 200; readonly body: operations['deleteToken']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  getProjectList:
    | { readonly status: 200; readonly body: operations['getProjectList']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  addProject:
    | { readonly status: 201; readonly body: operations['addProject']['responses'][201]['content']['application/json']; readonly headers?: ReplyHeaders }
  getProject:
    | { readonly status: 200; readonly body: operations['getProject']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  updateProject:
    | { readonly status: 200; readonly body: operations['updateProject']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  getFilterParams:
    | { readonly status: 200; readonly body: operations['getFilterParams']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  getGroupList:
    | { readonly status: 200; readonly body: operations['getGroupList']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  addGroup:
    | { readonly status: 201; readonly body: operations['addGroup']['responses'][201]['content']['application/json']; readonly headers?: ReplyHeaders }
  getGroup:
    | { readonly status: 200; readonly body: operations['getGroup']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  updateGroup:
    | { readonly status: 200; readonly body: operations['updateGroup']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  getRunList:
    | { readonly status: 200; readonly body: operations['getRunList']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
    | { readonly status: 200; readonly pieces: AsyncIterable<string>; readonly headers?: ReplyHeaders }
    | { readonly status: 201; readonly body: operations['getRunList']['responses'][201]['content']['application/json']; readonly headers?: ReplyHeaders }
  addRun:
    | { readonly status: 201; readonly body: operations['addRun']['responses'][201]['content']['application/json']; readonly headers?: ReplyHeaders }
  getRun:
    | { readonly status: 200; readonly body: operations['getRun']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  updateRun:
    | { readonly status: 200; readonly body: operations['updateRun']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  bulkUpdate:
    | { readonly status: 200; readonly body: operations['bulkUpdate']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  getResultList:
    | { readonly status: 200; readonly body: operations['getResultList']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
    | { readonly status: 200; readonly pieces: AsyncIterable<string>; readonly headers?: ReplyHeaders }
    | { readonly status: 201; readonly body: operations['getResultList']['responses'][201]['content']['application/json']; readonly headers?: ReplyHeaders }
  addResult:
    | { readonly status: 201; readonly body: operations['addResult']['responses'][201]['content']['application/json']; readonly headers?: ReplyHeaders }
  getResult:
    | { readonly status: 200; readonly body: operations['getResult']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  updateResult:
    | { readonly status: 200; readonly body: operations['updateResult']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  getArtifactList:
    | { readonly status: 200; readonly body: operations['getArtifactList']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  uploadArtifact:
    | { readonly status: 201; readonly body: operations['uploadArtifact']['responses'][201]['content']['application/json']; readonly headers?: ReplyHeaders }
  getArtifact:
    | { readonly status: 200; readonly body: operations['getArtifact']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  deleteArtifact:
    | { readonly status: 200; readonly body: operations['deleteArtifact']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  viewArtifact:
    | { readonly status: 200; readonly type: MediaType<'text/plain' | 'text/html' | 'text/xml' | 'text/csv' | 'text/rtf' | 'text/vtt' | 'text/x-c' | 'text/x-diff' | 'text/x-msdos-batch' | 'text/x-perl' | 'text/x-php' | 'text/x-script.python' | 'text/x-shellscript' | 'message/rfc822' | 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp' | 'image/bmp' | 'image/tiff' | 'image/svg+xml' | 'video/mp4' | 'video/webm' | 'video/x-matroska' | 'video/x-msvideo' | 'audio/x-wav' | 'application/json' | 'application/x-ndjson' | 'application/javascript' | 'application/pdf' | 'application/gzip' | 'application/zip' | 'application/x-tar' | 'application/x-bzip2' | 'application/x-xz' | 'application/x-7z-compressed' | 'application/zstd' | 'application/wasm' | 'application/x-empty' | 'application/octet-stream'>; readonly body: string | Buffer; readonly headers?: ReplyHeaders }
    | { readonly status: 200; readonly type: MediaType<'text/plain' | 'text/html' | 'text/xml' | 'text/csv' | 'text/rtf' | 'text/vtt' | 'text/x-c' | 'text/x-diff' | 'text/x-msdos-batch' | 'text/x-perl' | 'text/x-php' | 'text/x-script.python' | 'text/x-shellscript' | 'message/rfc822' | 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp' | 'image/bmp' | 'image/tiff' | 'image/svg+xml' | 'video/mp4' | 'video/webm' | 'video/x-matroska' | 'video/x-msvideo' | 'audio/x-wav' | 'application/json' | 'application/x-ndjson' | 'application/javascript' | 'application/pdf' | 'application/gzip' | 'application/zip' | 'application/x-tar' | 'application/x-bzip2' | 'application/x-xz' | 'application/x-7z-compressed' | 'application/zstd' | 'application/wasm' | 'application/x-empty' | 'application/octet-stream'>; readonly length: number; readonly pieces: AsyncIterable<Buffer>; readonly headers?: ReplyHeaders }
  downloadArtifact:
    | { readonly status: 200; readonly type: MediaType<'text/plain' | 'text/html' | 'text/xml' | 'text/csv' | 'text/rtf' | 'text/vtt' | 'text/x-c' | 'text/x-diff' | 'text/x-msdos-batch' | 'text/x-perl' | 'text/x-php' | 'text/x-script.python' | 'text/x-shellscript' | 'message/rfc822' | 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp' | 'image/bmp' | 'image/tiff' | 'image/svg+xml' | 'video/mp4' | 'video/webm' | 'video/x-matroska' | 'video/x-msvideo' | 'audio/x-wav' | 'application/json' | 'application/x-ndjson' | 'application/javascript' | 'application/pdf' | 'application/gzip' | 'application/zip' | 'application/x-tar' | 'application/x-bzip2' | 'application/x-xz' | 'application/x-7z-compressed' | 'application/zstd' | 'application/wasm' | 'application/x-empty' | 'application/octet-stream'>; readonly body: string | Buffer; readonly headers?: ReplyHeaders }
    | { readonly status: 200; readonly type: MediaType<'text/plain' | 'text/html' | 'text/xml' | 'text/csv' | 'text/rtf' | 'text/vtt' | 'text/x-c' | 'text/x-diff' | 'text/x-msdos-batch' | 'text/x-perl' | 'text/x-php' | 'text/x-script.python' | 'text/x-shellscript' | 'message/rfc822' | 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp' | 'image/bmp' | 'image/tiff' | 'image/svg+xml' | 'video/mp4' | 'video/webm' | 'video/x-matroska' | 'video/x-msvideo' | 'audio/x-wav' | 'application/json' | 'application/x-ndjson' | 'application/javascript' | 'application/pdf' | 'application/gzip' | 'application/zip' | 'application/x-tar' | 'application/x-bzip2' | 'application/x-xz' | 'application/x-7z-compressed' | 'application/zstd' | 'application/wasm' | 'application/x-empty' | 'application/octet-stream'>; readonly length: number; readonly pieces: AsyncIterable<Buffer>; readonly headers?: ReplyHeaders }
  getImportList:
    | { readonly status: 200; readonly body: operations['getImportList']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  addImport:
    | { readonly status: 201; readonly body: operations['addImport']['responses'][201]['content']['application/json']; readonly headers?: ReplyHeaders }
  getImport:
    | { readonly status: 200; readonly body: operations['getImport']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
    | { readonly status: 202; readonly body: operations['getImport']['responses'][202]['content']['application/json']; readonly headers?: ReplyHeaders }
  getTask:
    | { readonly status: 200; readonly body: operations['getTask']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
    | { readonly status: 203; readonly body: operations['getTask']['responses'][203]['content']['application/json']; readonly headers?: ReplyHeaders }
    | { readonly status: 206; readonly body: operations['getTask']['responses'][206]['content']['application/json']; readonly headers?: ReplyHeaders }
  getDashboardList:
    | { readonly status: 200; readonly body: operations['getDashboardList']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  addDashboard:
    | { readonly status: 201; readonly body: operations['addDashboard']['responses'][201]['content']['application/json']; readonly headers?: ReplyHeaders }
  getDashboard:
    | { readonly status: 200; readonly body: operations['getDashboard']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  updateDashboard:
    | { readonly status: 200; readonly body: operations['updateDashboard']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  deleteDashboard:
    | { readonly status: 200; readonly body: operations['deleteDashboard']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  getWidgetConfigList:
    | { readonly status: 200; readonly body: operations['getWidgetConfigList']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  addWidgetConfig:
    | { readonly status: 201; readonly body: operations['addWidgetConfig']['responses'][201]['content']['application/json']; readonly headers?: ReplyHeaders }
  getWidgetConfig:
    | { readonly status: 200; readonly body: operations['getWidgetConfig']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  updateWidgetConfig:
    | { readonly status: 200; readonly body: operations['updateWidgetConfig']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  deleteWidgetConfig:
    | { readonly status: 200; readonly body: operations['deleteWidgetConfig']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  getWidgetTypes:
    | { readonly status: 200; readonly body: operations['getWidgetTypes']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  getWidget:
    | { readonly status: 200; readonly body: operations['getWidget']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
    | { readonly status: 204; readonly headers?: ReplyHeaders }
  adminGetUserList:
    | { readonly status: 200; readonly body: operations['adminGetUserList']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  adminAddUser:
    | { readonly status: 201; readonly body: operations['adminAddUser']['responses'][201]['content']['application/json']; readonly headers?: ReplyHeaders }
  adminGetUser:
    | { readonly status: 200; readonly body: operations['adminGetUser']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  adminUpdateUser:
    | { readonly status: 200; readonly body: operations['adminUpdateUser']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  adminDeleteUser:
    | { readonly status: 200; readonly body: operations['adminDeleteUser']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  adminGetProjectList:
    | { readonly status: 200; readonly body: operations['adminGetProjectList']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  adminAddProject:
    | { readonly status: 201; readonly body: operations['adminAddProject']['responses'][201]['content']['application/json']; readonly headers?: ReplyHeaders }
  adminGetProject:
    | { readonly status: 200; readonly body: operations['adminGetProject']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  adminUpdateProject:
    | { readonly status: 200; readonly body: operations['adminUpdateProject']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  adminDeleteProject:
    | { readonly status: 200; readonly body: operations['adminDeleteProject']['responses'][200]['content']['application/json']; readonly headers?: ReplyHeaders }
  runTask:
    | { readonly status: 202; readonly type: MediaType<'text/html'>; readonly body: string | Buffer; readonly headers?: ReplyHeaders }
}

/** The handlers of all operations. `Extra` is what the dispatcher adds to each request: caller and subject. */
export type OperationHandlers<C, Extra extends Record<OperationId, unknown>> = {
  readonly [Id in OperationId]: (
    ctx: C,
    request: OperationRequests[Id] & Extra[Id],
  ) => Promise<OperationReplies[Id]>
}
