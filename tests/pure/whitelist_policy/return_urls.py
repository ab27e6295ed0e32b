"""The vectors, and texts that look like return URLs from afar."""

import json
from pathlib import Path

from hypothesis import strategies as st

_FOLDER = Path(__file__).parents[2] / "vectors" / "return_urls"

VECTORS = json.loads((_FOLDER / "vectors.json").read_text("utf-8"))
MATCHES = json.loads((_FOLDER / "matches.json").read_text("utf-8"))

any_text = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=200)
host_like = st.text(alphabet="abj.-*0x1279[]:@%日本аｂ。_", max_size=30)
hosts = ["bank.example.jp", "localhost", "127.0.0.1", "[::1]", "co.jp", "日本語.jp."]
url_like = st.builds(
    lambda scheme, host, tail: f"{scheme}{host}{tail}",
    st.sampled_from(["https://", "http://", "HTTPS://", "https:/", "intent:", "jp.example:", ""]),
    st.one_of(host_like, st.sampled_from(hosts)),
    st.text(alphabet="/.;?#%2fF5cA:@443 \t\\日", max_size=20),
)
