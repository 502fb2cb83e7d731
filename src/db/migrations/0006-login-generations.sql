-- How often an account's password was reset: login tokens say the number they were made under, and end with it (D24).
-- An account without a row has seen no reset. Rows go with their account, also when Ibutsu deletes it.

create table login_generations (
  user_id uuid not null,
  generation integer not null,
  constraint login_generations_pkey primary key (user_id),
  constraint login_generations_user_id_fkey foreign key (user_id) references users (id) on delete cascade
);
