//! The forms in which tools print a text: as it is, escaped for JSON, URLs, shells and HTML, in base64, base32 and hex.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::SHORTEST_SECRET;
use crate::value::hex;

/// A line of a secret of several lines is a secret by itself from this length on.
const SHORTEST_LINE: usize = 8;

/// What RFC 3986 leaves as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What browsers' form encoding leaves as it is, besides turning spaces into `+`.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'*');

/// What Python's `quote` leaves as it is.
const PYTHON: &AsciiSet = &UNRESERVED.remove(b'/');

/// What JavaScript's `encodeURIComponent` leaves as it is.
const COMPONENT: &AsciiSet = &UNRESERVED.remove(b'!').remove(b'\'').remove(b'(').remove(b')').remove(b'*');

/// What may stand in the path of a URL as it is (RFC 3986, `pchar` and `/`).
const PATH: &AsciiSet = &COMPONENT
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@')
    .remove(b'/');

/// All forms of a secret; those too short to be told from other text are left out.
pub(super) fn of(secret: &str) -> Vec<Vec<u8>> {
    let mut forms: Vec<Vec<u8>> = vec![];
    let parts: Vec<String> = password(secret).into_iter().flatten().collect();
    for text in std::iter::once(secret).chain(lines(secret)).chain(parts.iter().map(String::as_str)) {
        let once = json(text);
        let twice = once.iter().flat_map(|text| json(text)).collect();
        let base64 = [base64(text), base64_lines(text)].concat();
        let plain = vec![text.to_owned()];
        let numbers = [base32(text), hex_digits(text)].concat();
        let texts = [plain, twice, once, literal(text), url(text), shell(text), html(text), base64, numbers];
        forms.extend(texts.into_iter().flatten().map(String::into_bytes));
    }
    forms.retain(|form| form.len() >= SHORTEST_SECRET);
    forms
}

/// The password of a URL, as it stands there and decoded: programs print it without the rest.
fn password(secret: &str) -> Option<[String; 2]> {
    let url = url::Url::parse(secret).ok()?;
    let password = url.password()?;
    let decoded = percent_encoding::percent_decode_str(password).decode_utf8_lossy().into_owned();
    Some([password.to_owned(), decoded])
}

fn lines(secret: &str) -> impl Iterator<Item = &str> {
    let several = secret.contains('\n');
    secret.lines().map(str::trim).filter(move |line| several && line.len() >= SHORTEST_LINE)
}

fn json(text: &str) -> Vec<String> {
    let quoted = serde_json::Value::from(text).to_string();
    let plain = quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned();
    let ascii: String = plain.chars().flat_map(ascii_json).collect();
    let slashes = plain.replace('/', "\\/");
    // As Go has it, so that it can stand in HTML.
    let tags = plain.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    vec![tags, ascii.replace('/', "\\/"), ascii, slashes, plain]
}

fn ascii_json(char: char) -> Vec<char> {
    if char.is_ascii() {
        return vec![char];
    }
    let mut units = [0; 2];
    char.encode_utf16(&mut units)
        .iter()
        .flat_map(|unit| format!("\\u{unit:04x}").chars().collect::<Vec<_>>())
        .collect()
}

/// As Python and bash (`$'…'`) write it between single quotes.
fn literal(text: &str) -> Vec<String> {
    let plain = text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t");
    vec![plain.replace('\'', "\\'"), plain]
}

fn url(text: &str) -> Vec<String> {
    let encoded = |set| utf8_percent_encode(text, set).to_string();
    let sets = [UNRESERVED, NON_ALPHANUMERIC, PYTHON, COMPONENT, PATH];
    let forms = [FORM, UNRESERVED].map(|set| encoded(set).replace("%20", "+"));
    let upper = sets.map(encoded).into_iter().chain(forms);
    upper.flat_map(|form| [lower_hex(&form), form]).collect()
}

fn lower_hex(form: &str) -> String {
    let mut left = 0;
    let lower = |char: char| {
        let inside = left > 0;
        left = if char == '%' { 2 } else { u8::saturating_sub(left, 1) };
        if inside { char.to_ascii_lowercase() } else { char }
    };
    form.chars().map(lower).collect()
}

fn shell(text: &str) -> Vec<String> {
    let escaped = |needs: fn(char) -> bool| {
        text.chars()
            .flat_map(|char| needs(char).then_some('\\').into_iter().chain([char]))
            .collect::<String>()
    };
    let plain = |char: char| char.is_alphanumeric() || "_-./:=@%+,\n".contains(char);
    // As bash's `printf %q` has it; of `#` and `~` only the first letter.
    let bash = escaped(|char| " \t!\"$&'()*,;<>?[\\]^`{|}".contains(char));
    let first = if text.starts_with(['#', '~']) { "\\" } else { "" };
    vec![
        format!("{first}{bash}"),
        text.replace('\'', "'\\''"),
        text.replace('\'', "'\"'\"'"),
        escaped(|char| "\"$`\\".contains(char)),
        text.chars().flat_map(|char| (!plain(char)).then_some('\\').into_iter().chain([char])).collect(),
    ]
}

/// As HTML and XML have it: every escaper writes `&`, `<` and `>` alike, quotes as it likes.
fn html(text: &str) -> Vec<String> {
    let tags = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let quotes = [
        ("\"", "'"),
        ("&quot;", "'"),
        ("&quot;", "&#x27;"),
        ("&quot;", "&#39;"),
        ("&quot;", "&#039;"),
        ("&quot;", "&apos;"),
        ("&#34;", "&#39;"),
    ];
    quotes.map(|(double, single)| tags.replace('"', double).replace('\'', single)).to_vec()
}

fn hex_digits(text: &str) -> Vec<String> {
    let lower = hex(text.as_bytes());
    vec![lower.to_ascii_uppercase(), lower]
}

/// The letters of base32 (RFC 4648), which stand for five bits each.
const BASE32: [u8; 32] = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The text inside a longer base32 text, at each of the five places that it can begin at, in both cases.
fn base32(text: &str) -> Vec<String> {
    let at = |before| {
        let upper = inside_base32(text.as_bytes(), before);
        [upper.to_ascii_lowercase(), upper]
    };
    (0..5).flat_map(at).collect()
}

/// Letters that neighbours have a part in are left out.
fn inside_base32(bytes: &[u8], before: usize) -> String {
    let bit = |at: usize| bytes.get(at / 8).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1);
    // Of the bits before the text, so many are in the letter that it begins in.
    let first = (5 - before * 8 % 5) % 5;
    let letter = |from: usize| {
        let number = (from..from + 5).fold(0, |number, at| number << 1 | usize::from(bit(at)));
        char::from(*BASE32.get(number).unwrap_or(&b'='))
    };
    let bits = bytes.len() * 8;
    (first..).step_by(5).take_while(|from| from + 5 <= bits).map(letter).collect()
}

/// Tools break base64 into lines of 76 letters (`base64`, MIME) or 64 (`openssl`, PEM): those of the text by itself.
fn base64_lines(text: &str) -> Vec<String> {
    let whole = STANDARD_NO_PAD.encode(text);
    let lines = |length: usize| {
        let lines = whole.as_bytes().chunks(length).map(|line| String::from_utf8_lossy(line).into_owned());
        lines.filter(|line| line.len() >= SHORTEST_LINE).collect::<Vec<_>>()
    };
    [76, 64].into_iter().filter(|length| whole.len() > *length).flat_map(lines).collect()
}

/// The text inside a longer base64 text, at each of the three places that it can begin at.
/// Characters that neighbours have a part in are left out.
fn base64(text: &str) -> Vec<String> {
    (0..3)
        .flat_map(|before| [inside(text, before, &STANDARD_NO_PAD), inside(text, before, &URL_SAFE_NO_PAD)])
        .collect()
}

fn inside(text: &str, before: usize, engine: &impl Engine) -> String {
    let mut bytes = vec![0; before];
    bytes.extend_from_slice(text.as_bytes());
    let first = (before * 8).div_ceil(6);
    let past = bytes.len() * 8 / 6;
    engine.encode(&bytes).get(first..past).unwrap_or_default().to_owned()
}
