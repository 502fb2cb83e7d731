import { expect, it } from 'vitest'
import { planRelease, type Release } from '../../../scripts/release.ts'

const release: Release = {
  engine: 'podman',
  image: 'quay.io/x/y',
  version: '1.2.3',
  revision: 'abc',
  branch: 'main',
  tags: [],
  dirty: false,
  push: false,
}
const plan = (changes: Partial<Release>) => planRelease({ ...release, ...changes }).map((words) => words.join(' '))

it('builds main from the branch', () => {
  expect(plan({})).toEqual([
    'podman build --format docker --pull --build-arg VERSION=1.2.3 --build-arg REVISION=abc --tag quay.io/x/y:main .',
  ])
})

it('tags and pushes a version too', () => {
  expect(plan({ tags: ['other', 'v1.2.3'], push: true, engine: 'docker' })).toEqual([
    'docker build --pull --build-arg VERSION=1.2.3 --build-arg REVISION=abc --tag quay.io/x/y:main --tag quay.io/x/y:v1.2.3 .',
    'docker push quay.io/x/y:main',
    'docker push quay.io/x/y:v1.2.3',
  ])
})

it('builds only the version on a detached tag', () => {
  expect(plan({ branch: 'HEAD', tags: ['v1.2.3'] })[0]).toMatch(/--tag quay\.io\/x\/y:v1\.2\.3 \.$/)
})

it('refuses what would be mislabelled', () => {
  expect(() => plan({ dirty: true })).toThrow('not committed')
  expect(() => plan({ tags: ['v1.2.4'] })).toThrow('tagged v1.2.4, but package.json says 1.2.3')
  expect(() => plan({ branch: 'feature' })).toThrow('neither on the branch main (but on feature) nor on a tag')
})
