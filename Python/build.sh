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
if [ "$(uname -s)" = Linux ]; then
  # The newest symbol of the C library is the oldest system that the wheel is for.
  newest=$(objdump -T src/surprisal_ml/libsurprisal.so | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1)
  version=${newest#GLIBC_}
  export SURPRISAL_PLATFORM="manylinux_${version/./_}_$(uname -m)"
fi
rm -rf build dist
python3 -m pip wheel --no-deps --quiet -w dist .
ls -l dist
