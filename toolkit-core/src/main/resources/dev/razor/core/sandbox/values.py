# Plain values as JSON, types kept. JSON's own types stand for themselves; everything else is an object with one tag.
# An instance of a subclass is sent as its base type's content, so that no method of its own arrives: what the reader
# gets are exact built-in types, and fractions and decimals, whose modules only a program that has them loads.

DEEPEST = 100
TAGGED = {"tuple": tuple, "set": set, "frozenset": frozenset}
VIEWS = {type({}.keys()): "keys", type({}.values()): "values", type({}.items()): "items"}


class NotPlain(Exception):
    pass


def encode(value, depth=0):
    if depth > DEEPEST:
        raise NotPlain("a value nested deeper than %d" % DEEPEST)
    kind = type(value)
    if value is None or kind is bool:
        return value
    if isinstance(value, int):
        number = int.__add__(value, 0)
        return number if -(2**63) <= number < 2**63 else {"int": hex(number)}
    if isinstance(value, float):
        number = float.__mul__(value, 1.0)
        return number if number - number == 0 else {"float": number.hex()}
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, complex):
        return {"complex": [value.real.hex(), value.imag.hex()]}
    if isinstance(value, (bytes, bytearray)):
        base = bytes if isinstance(value, bytes) else bytearray
        return {base.__name__: base.hex(value)}
    if isinstance(value, list):
        return [encode(each, depth + 1) for each in list.__iter__(value)]
    for base in (tuple, set, frozenset):
        if isinstance(value, base):
            return {base.__name__: [encode(each, depth + 1) for each in base.__iter__(value)]}
    if isinstance(value, dict):
        pairs = dict.items(value)
        return {"dict": [[encode(key, depth + 1), encode(each, depth + 1)] for key, each in pairs]}
    if kind in VIEWS:
        return {VIEWS[kind]: [encode(each, depth + 1) for each in value]}
    number = sys.modules.get("fractions")
    if number and isinstance(value, number.Fraction):
        return {"fraction": [encode(value._numerator), encode(value._denominator)]}
    number = sys.modules.get("decimal")
    if number and isinstance(value, number.Decimal):
        return {"decimal": number.Decimal.__str__(value)}
    if kind is range:
        return {"range": [encode(each) for each in (value.start, value.stop, value.step)]}
    raise NotPlain("a value of type " + str(kind.__name__)[:80])


def parsed(text):
    """The value that a line of JSON stands for. JSON as Python writes it has one NaN object that equals itself inside
    of lists: infinities and NaN come as tags."""
    return decode(json.loads(text, parse_constant=no_constant))


def no_constant(name):
    raise ValueError(name)


def decode(value):
    if isinstance(value, list):
        return [decode(each) for each in value]
    if not isinstance(value, dict):
        return value
    ((tag, content),) = value.items()
    if tag in TAGGED:
        return TAGGED[tag](decode(each) for each in content)
    if tag == "dict":
        return {decode(key): decode(each) for key, each in content}
    if tag == "int":
        return int(content, 16)
    if tag == "float":
        return float.fromhex(content)
    if tag == "complex":
        real, imaginary = content
        return complex(float.fromhex(real), float.fromhex(imaginary))
    if tag == "bytes":
        return bytes.fromhex(content)
    if tag == "bytearray":
        return bytearray.fromhex(content)
    if tag == "keys":
        return dict.fromkeys(map(decode, content)).keys()
    if tag == "values":
        return dict(enumerate(map(decode, content))).values()
    if tag == "items":
        return dict(map(decode, content)).items()
    if tag == "fraction":
        return __import__("fractions").Fraction(*map(decode, content))
    if tag == "decimal":
        return __import__("decimal").Decimal(content)
    if tag == "range":
        start, stop, step = content
        return range(decode(start), decode(stop), decode(step))
    raise ValueError("no such tag")
