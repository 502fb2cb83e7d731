import { pick } from './seeded.ts'
import type { DemoTest, Status } from './suite.ts'

export interface Failure {
  readonly traceback: string
  /** What goes into the metadata of the result. */
  readonly metadata: { readonly exception_name: string; readonly short_tb: string; readonly classification?: string }
}

interface Cause {
  readonly exception: string
  readonly message: string
  readonly line: string
  readonly classification?: string
}

const environmentAway: Cause = {
  exception: 'ConnectionError',
  message: "HTTPConnectionPool(host='storefront.staging.example.com', port=443): connection refused",
  line: 'session.get(base_url, timeout=5)',
  classification: 'environment_failure',
}

const brokenVoucher: Cause = {
  exception: 'AssertionError',
  message: "assert '89,91 €' == '80,92 €'",
  line: "assert basket.total() == '80,92 €'",
  classification: 'product_failure',
}

const browserCauses: readonly [Cause, ...Cause[]] = [
  {
    exception: 'TimeoutError',
    message: 'locator.click: 5000 ms exceeded while waiting for button "Continue"',
    line: "page.get_by_role('button', name='Continue').click(timeout=5000)",
  },
  {
    exception: 'AssertionError',
    message: "assert 'Loading …' == 'In stock'",
    line: "assert page.locator('.availability').inner_text() == 'In stock'",
    classification: 'test_failure',
  },
  {
    exception: 'StaleElementError',
    message: 'the element was replaced while it was being read',
    line: "rows = [row.text for row in table.find_all('tr')]",
  },
]

const searchCauses: readonly [Cause, ...Cause[]] = [
  { exception: 'AssertionError', message: 'assert 9 == 10', line: 'assert len(hits) == 10' },
  {
    exception: 'ReadTimeout',
    message: "HTTPConnectionPool(host='search.staging.example.com', port=9200): read timed out (3 s)",
    line: 'hits = index.query(words, timeout=3)',
    classification: 'environment_failure',
  },
]

/** Why a test failed on that night, in the form in which pytest would tell it; nothing for tests that did not fail. */
export function failureOf(test: DemoTest, status: Status, date: string): Failure | undefined {
  if (status !== 'failed' && status !== 'error') return undefined
  const cause = causeOf(test, status, date)
  const [, className = '', name = ''] = test.nodeId.split('::')
  const place = 20 + (test.testId.length % 60)
  const last = `E       ${cause.exception}: ${cause.message}`
  const traceback = [
    `self = <${className} object>`,
    '',
    status === 'error' ? '    @pytest.fixture' : `    def ${name}(self, page):`,
    ...(status === 'error' ? ['    def shop(self, base_url):'] : [`        """${className}: ${name}"""`]),
    `>       ${cause.line}`,
    last,
    '',
    `${test.fspath}:${place}: ${cause.exception}`,
    '',
  ].join('\n')
  return {
    traceback,
    metadata: {
      exception_name: cause.exception,
      short_tb: `${last}\n\n${test.fspath}:${place}: ${cause.exception}`,
      ...(cause.classification ? { classification: cause.classification } : {}),
    },
  }
}

function causeOf(test: DemoTest, status: Status, date: string): Cause {
  if (status === 'error') return environmentAway
  if (test.behaviour === 'broken') return brokenVoucher
  return pick(test.browser ? browserCauses : searchCauses, `cause of ${test.testId} on ${date}`)
}
