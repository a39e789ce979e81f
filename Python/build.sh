#!/usr/bin/env bash
# Builds the shared library and the wheel: Python/dist/surprisal_ml-*.whl.
set -euo pipefail
cd "$(dirname "$0")"
package="${SURPRISAL_PACKAGE:-..}"
swift build --package-path "$package" -c release --product surprisalc --static-swift-stdlib
products=$(swift build --package-path "$package" -c release --show-bin-path)
swiftc -static-stdlib -emit-library -o src/surprisal_ml/libsurprisal.so \
  "@$products/surprisalc.product/Objects.LinkFileList" \
  -Xlinker --gc-sections -Xlinker -s
if ldd src/surprisal_ml/libsurprisal.so | grep -Ei 'swift|foundation|icu'; then
  echo "the library needs what a user does not have" >&2
  exit 1
fi
rm -rf build dist
python3 -m pip wheel --no-deps --quiet -w dist .
wheel=$(echo dist/*.whl)
case "$(uname -s)" in
  Linux) mv "$wheel" "${wheel/-any.whl/-manylinux_2_35_$(uname -m).whl}" ;;
esac
ls -l dist
