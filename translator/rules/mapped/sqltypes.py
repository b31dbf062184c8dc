"""Which Python type the values of an SQL type have. Data only.

Read off `python_type` and the result processors of 1.4.54 and 2.1; what depends on the driver is not listed.
"""

from __future__ import annotations

DATE, DATETIME, TIME = "datetime.date", "datetime.datetime", "datetime.time"
INTERVAL, DECIMAL, UUID, ANY = "datetime.timedelta", "decimal.Decimal", "uuid.UUID", "typing.Any"

IMPLIED = {
    "int": "Integer",
    "str": "String",
    "bool": "Boolean",
    "bytes": "LargeBinary",
    DECIMAL: "Numeric",
    DATE: "Date",
    DATETIME: "DateTime",
    TIME: "Time",
    INTERVAL: "Interval",
}
"""Python type → the type, without arguments, that `mapped_column()` takes for it where none is given.

Not float: 2.0 takes Float for it, 2.1 Double.
"""

_STANDARD = {
    **dict.fromkeys(("Integer", "BigInteger", "SmallInteger", "INTEGER", "INT", "BIGINT", "SMALLINT"), "int"),
    **dict.fromkeys(("String", "Text", "Unicode", "UnicodeText", "VARCHAR", "CHAR", "NVARCHAR", "NCHAR", "TEXT", "CLOB"),
                    "str"),
    **dict.fromkeys(("Boolean", "BOOLEAN"), "bool"),
    **dict.fromkeys(("Float", "FLOAT", "REAL", "Double", "DOUBLE", "DOUBLE_PRECISION"), "float"),
    **dict.fromkeys(("Numeric", "NUMERIC", "DECIMAL"), DECIMAL),
    **dict.fromkeys(("LargeBinary", "BLOB", "BINARY", "VARBINARY"), "bytes"),
    **dict.fromkeys(("Date", "DATE"), DATE),
    **dict.fromkeys(("DateTime", "DATETIME", "TIMESTAMP"), DATETIME),
    **dict.fromkeys(("Time", "TIME"), TIME),
    "Interval": INTERVAL,
    **dict.fromkeys(("Uuid", "UUID"), UUID),
    **dict.fromkeys(("JSON", "PickleType"), ANY),
}  # fmt: skip

_DIALECTS: dict[str, dict[str, str]] = {
    "postgresql": {
        "BYTEA": "bytes", "INTERVAL": INTERVAL, "CITEXT": "str", "JSONB": ANY, "JSON": ANY,
    },
    "mysql": {
        # DOUBLE and REAL of MySQL give Decimal unless told otherwise.
        **dict.fromkeys(("DOUBLE", "REAL"), DECIMAL),
        **dict.fromkeys(("TINYINT", "MEDIUMINT", "YEAR"), "int"),
        **dict.fromkeys(("TINYTEXT", "MEDIUMTEXT", "LONGTEXT"), "str"),
        **dict.fromkeys(("TINYBLOB", "MEDIUMBLOB", "LONGBLOB"), "bytes"),
    },
    "mssql": {
        **dict.fromkeys(("DATETIME2", "DATETIMEOFFSET", "SMALLDATETIME"), DATETIME),
        **dict.fromkeys(("MONEY", "SMALLMONEY"), DECIMAL),
        **dict.fromkeys(("NTEXT", "XML"), "str"),
        "BIT": "bool", "TINYINT": "int", "IMAGE": "bytes", "TIMESTAMP": ANY,
    },
    "oracle": {"VARCHAR2": "str", "NVARCHAR2": "str", "NCLOB": "str", "DATE": DATETIME, "LONG": ANY},
    "sqlite": {},
}  # fmt: skip
"""Types of a dialect where they are its own, or not what the standard one of their name is."""

_UTILS = {
    "UUIDType": UUID,
    "EmailType": "str",
    "ArrowType": "arrow.Arrow",
    "LocaleType": "babel.Locale",
    "ColorType": "colour.Color",
    "CountryType": "sqlalchemy_utils.Country",
    "CurrencyType": "sqlalchemy_utils.Currency",
    "PhoneNumberType": "sqlalchemy_utils.PhoneNumber",
    "WeekDaysType": "sqlalchemy_utils.WeekDays",
}
"""Types of SQLAlchemy-Utils, by what their `process_result_value()` gives.

Not URLType, which gives a furl only where that is installed, nor IPAddressType, ChoiceType and JSONType, which give several
things, nor PasswordType: what is assigned to it is a str, what it gives is none.
"""

AS_DECIMAL = frozenset(
    {"Float", "FLOAT", "REAL", "Double", "DOUBLE", "DOUBLE_PRECISION", "Numeric", "NUMERIC", "DECIMAL"}
)
"""Types whose argument `asdecimal` decides between float and Decimal."""

ENUMS = frozenset({"Enum", "ENUM"})
ARRAYS = frozenset({"ARRAY"})
_HOMES = ("sqlalchemy", "sqlalchemy.types", "sqlalchemy.sql.sqltypes", "sqlalchemy.sql.types")


def is_standard(full: str, name: str) -> bool:
    """Whether a full dotted name is that of SQLAlchemy's own type, not that of a dialect."""
    module, _, last = full.rpartition(".")
    return last == name and module in _HOMES


def is_known(name: str) -> bool:
    """Whether a name is that of a standard type."""
    return name in _STANDARD or name in ENUMS or name in ARRAYS


def python_type(full: str) -> str | None:
    """The full name of the Python type for the full name of an SQL type; None where it is not known."""
    module, _, name = full.rpartition(".")
    if module in _HOMES:
        return _STANDARD.get(name)
    if module.startswith("sqlalchemy.dialects."):
        own = _DIALECTS.get(module.split(".")[2])
        if own is not None:
            return own.get(name, _STANDARD.get(name))
    return _UTILS.get(name) if full.startswith("sqlalchemy_utils.") else None
