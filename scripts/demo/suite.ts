import { chance } from './seeded.ts'

/** How a test of the demo behaves over the nights. */
export type Behaviour = 'steady' | 'flaky' | 'broken' | 'creeping' | 'skipped' | 'xfailed' | 'fixed'

export type Status = 'passed' | 'failed' | 'error' | 'skipped' | 'xfailed' | 'xpassed'

export interface DemoTest {
  readonly component: string
  /** As pytest-ibutsu names it: `TestVoucher.test_happy_path`. */
  readonly testId: string
  readonly fspath: string
  readonly nodeId: string
  readonly behaviour: Behaviour
  /** Whether it drives a browser: its failures come with a screenshot. */
  readonly browser: boolean
  readonly importance: 'low' | 'medium' | 'high' | 'critical'
  /** Usual duration in seconds. */
  readonly seconds: number
  readonly params: Readonly<Record<string, string>>
}

const aspects = ['happy_path', 'bad_input', 'after_reload', 'on_mobile'] as const

const subjects = {
  storefront:
    'home_page catalogue product_page image_gallery price_label availability wishlist newsletter language_switch cookie_banner breadcrumbs reviews recommendations store_finder contact_form',
  checkout:
    'guest_order saved_card gift_card voucher invoice_address delivery_slot express_delivery click_and_collect tax_rate currency_rounding order_mail declined_card three_d_secure split_shipment order_history',
  search:
    'plain_query typo_tolerance synonyms facets sorting pagination empty_answer suggestions index_rebuild stop_words umlauts price_range availability_filter ranking saved_search',
} as const

/** Everything that is not listed is steady. */
const behaviours: Readonly<Record<string, Behaviour>> = {
  'TestVoucher.test_happy_path': 'broken',
  'TestIndexRebuild.test_happy_path': 'creeping',
  'TestRecommendations.test_after_reload': 'flaky',
  'TestImageGallery.test_on_mobile': 'flaky',
  'TestThreeDSecure.test_happy_path': 'flaky',
  'TestDeliverySlot.test_after_reload': 'flaky',
  'TestSuggestions.test_on_mobile': 'flaky',
  'TestStoreFinder.test_on_mobile': 'skipped',
  'TestClickAndCollect.test_on_mobile': 'skipped',
  'TestSavedSearch.test_after_reload': 'skipped',
  'TestCurrencyRounding.test_bad_input': 'xfailed',
  'TestUmlauts.test_bad_input': 'xfailed',
  'TestCookieBanner.test_after_reload': 'fixed',
}

/** All tests of the demo, in the order in which they run: 60 for each of the three components. */
export const suite: readonly DemoTest[] = Object.entries(subjects).flatMap(([component, names]) =>
  names.split(' ').flatMap((subject) => aspects.map((aspect) => describeTest(component, subject, aspect))),
)

export const components: readonly string[] = Object.keys(subjects)

function describeTest(component: string, subject: string, aspect: string): DemoTest {
  const className = `Test${subject.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}`
  const testId = `${className}.test_${aspect}`
  const fspath = `tests/${component}/test_${subject}.py`
  const browser = component !== 'search'
  return {
    component,
    testId,
    fspath,
    nodeId: `${fspath}::${className}::test_${aspect}`,
    behaviour: behaviours[testId] ?? 'steady',
    browser,
    importance: importanceOf(aspect, testId),
    seconds: (browser ? 1.5 : 0.2) + chance(`seconds of ${testId}`) * (browser ? 6 : 1.5),
    params: browser ? { browser: aspect === 'on_mobile' ? 'chromium-mobile' : 'firefox' } : {},
  }
}

function importanceOf(aspect: string, testId: string): DemoTest['importance'] {
  if (aspect === 'happy_path') return chance(`importance of ${testId}`) < 0.4 ? 'critical' : 'high'
  return aspect === 'bad_input' ? 'medium' : 'low'
}
