import { expect, it } from 'vitest'
import { takeInheritance } from '../../../src/supervisor/takeover.ts'

it('takes the socket of systemd when it is meant for this process, and hides it from the children', () => {
  const env = { LISTEN_FDS: '1', LISTEN_PID: '42', LISTEN_FDNAMES: 'web', PATH: '/bin' }
  expect(takeInheritance(env, 42)).toEqual({ fd: 3 })
  expect(env).toEqual({ PATH: '/bin' })
  expect(takeInheritance({ LISTEN_FDS: '1', LISTEN_PID: '41' }, 42)).toEqual({})
  expect(takeInheritance({}, 42)).toEqual({})
})

it('takes the socket of a predecessor first', () => {
  const env = { IBUTSU_LISTEN_FD: '3', IBUTSU_PREDECESSOR: '7', LISTEN_FDS: '1', LISTEN_PID: '42' }
  expect(takeInheritance(env, 42)).toEqual({ fd: 3, predecessor: 7 })
  expect(env).toEqual({})
})
