import type { Queryable } from '../../db/queryable.ts'

export interface AttemptCount {
  readonly key: Buffer
  /** Attempts in the current window, this one among them. */
  readonly count: number
  /** Seconds until the window ends. */
  readonly seconds: number
}

/**
 * Counts an attempt under each key and gives the counts. A window begins with its first attempt and ends `windowSeconds`
 * later; counts of windows that ended are swept a few at a time.
 */
export async function countAttempt(
  db: Queryable,
  keys: readonly Buffer[],
  windowSeconds: number,
): Promise<AttemptCount[]> {
  const { rows } = await db.query<AttemptCount>({
    name: 'count-attempt',
    text: `with swept as (
        delete from attempt_counts where key = any (array(
          select key from attempt_counts where until < now() at time zone 'utc' - interval '1 hour'
          limit 10 for update skip locked)))
      insert into attempt_counts as a (key, count, until)
      select key, 1, now() at time zone 'utc' + make_interval(secs => $2) from unnest($1::bytea[]) as key order by key
      on conflict (key) do update set
        count = case when a.until > now() at time zone 'utc' then a.count + 1 else 1 end,
        until = case when a.until > now() at time zone 'utc' then a.until else excluded.until end
      returning key, count, ceil(extract(epoch from until - now() at time zone 'utc'))::integer as seconds`,
    values: [keys, windowSeconds],
  })
  return rows
}

/** Takes one attempt back, which was none in the end. */
export async function forgetAttempt(db: Queryable, keys: readonly Buffer[]): Promise<void> {
  await db.query({
    text: 'update attempt_counts set count = count - 1 where key = any ($1::bytea[]) and count > 0',
    values: [keys],
  })
}
