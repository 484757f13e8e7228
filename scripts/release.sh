#!/usr/bin/env bash
# Makes a release of the commit that is checked out: the version, the heading of its changes, a commit and a tag.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
    echo "release: $*" >&2
    exit 1
}

version=${1-}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "Name the version: scripts/release.sh 1.2.3"
[ -z "$(git status --porcelain)" ] || fail "There are changes that are not committed."
git rev-parse --quiet --verify "refs/tags/v$version" >/dev/null && fail "v$version exists already."
for database in sqlite postgresql; do
    [ -f "tests/upgrades/$version-$database.zip" ] || fail "tests/upgrades/$version-$database.zip is missing."
done
grep -qx '## Unreleased' CHANGELOG.md || fail "CHANGELOG.md has no changes that are unreleased."

sed -i "0,/^version = .*/s//version = \"$version\"/" pyproject.toml
sed -i "0,/^## Unreleased\$/s//## Unreleased\n\n## $version – $(date -u +%F)/" CHANGELOG.md
git commit --quiet --message "Release $version" pyproject.toml CHANGELOG.md
git tag --annotate --message "Aide-mémoire $version" "v$version"
echo "Released $version. Push the commit and the tag: git push --follow-tags"
