// Texts, which are '' where blank; a text that cannot be made is null.
extension PostgresFunctions {
    /// What `TRIM` cuts off, as an escaped text of PostgreSQL.
    private static let blanks =
        #"E' \t\n\x0B\f\r\u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"#
        + #"\u2008\u2009\u200A\u200B\u2028\u2029\u202F\u205F\u3000'"#

    /// What surrounds a number or a date without being part of it.
    static let spaces = blanks.replacing(#"\u200B"#, with: "")

    static let texts = [
        // One spelling of what looks alike.
        expression(
            "steward_plain(t text) RETURNS text",
            "CASE WHEN octet_length(t) = length(t) THEN t ELSE normalize(t, NFC) END"
        ),
        // By UTF-16 code; null where one of them is blank.
        expression(
            "steward_text_key(t text) RETURNS text",
            """
            CASE WHEN octet_length(t) = length(t) THEN t
                ELSE regexp_replace(t, E'([\\U00010000-\\U0010FFFF])', E'\\uD7FF\\uFFFF\\\\1', 'g')
                END
            """
        ),
        expression(
            "steward_text_order(a text, b text) RETURNS integer",
            """
            CASE WHEN a = '' OR b = '' THEN NULL
                WHEN steward_plain(a) = steward_plain(b) THEN 0
                WHEN steward_text_key(a) COLLATE "C" < steward_text_key(b) COLLATE "C" THEN -1
                ELSE 1 END
            """
        ),
        expression(
            "steward_joined(a text, b text) RETURNS text",
            "CASE WHEN octet_length(a) + octet_length(b) <= 200000 THEN a || b END"
        ),
        // Letter by letter: a sigma at the end of a word is one like any other.
        expression(
            "steward_lower(t text) RETURNS text",
            #"lower(translate(t, 'Σ', 'σ') COLLATE "und-x-icu")"#
        ),
        expression("steward_upper(t text) RETURNS text", #"upper(t COLLATE "und-x-icu")"#),
        inLocale("lower"), inLocale("upper"),
        expression("steward_trim(t text) RETURNS text", "btrim(t, \(blanks))"),
        expression("steward_trim_spaces(t text) RETURNS text", "btrim(t, \(spaces))"),
        expression(
            "steward_find(part text, t text, start integer) RETURNS integer",
            """
            CASE WHEN part = '' THEN 0
                WHEN strpos(substr(t, greatest(1, start)), part) = 0 THEN 0
                ELSE strpos(substr(t, greatest(1, start)), part) + greatest(1, start) - 1 END
            """
        ),
        padded("lpad"), padded("rpad"), substituted, capitalized, value,
        expression(
            "steward_character(code integer) RETURNS text",
            """
            CASE WHEN code BETWEEN 1 AND 55295 OR code BETWEEN 57344 AND 1114111
                THEN chr(code) END
            """
        ),
        expression(
            "steward_includes(chosen text, name text) RETURNS boolean",
            """
            CASE WHEN name = '' THEN chosen = ''
                ELSE steward_plain(name) = ANY (string_to_array(steward_plain(chosen), ';')) END
            """
        ),
    ]

    /// Upper or lower case as a language has it; the others have one way between them.
    private static func inLocale(_ name: String) -> String {
        let languages = ["az", "el", "hy", "lt", "tr"].map {
            "WHEN '\($0)' THEN \(name)(t COLLATE \"\($0)-x-icu\") COLLATE \"C\""
        }
        return expression(
            "steward_\(name)(t text, locale text) RETURNS text",
            """
            CASE WHEN locale = '' THEN steward_\(name)(t)
                ELSE CASE lower(substring(locale FROM '^[^_-]*'))
                    \(languages.joined(separator: "\n            "))
                    ELSE \(name)(t COLLATE "und-x-icu") COLLATE "C" END END
            """
        )
    }

    private static func padded(_ side: String) -> String {
        expression(
            "steward_\(side)(t text, size integer, fill text) RETURNS text",
            """
            CASE WHEN size <= 0 OR t = '' THEN ''
                WHEN length(t) >= size THEN left(t, size)
                WHEN size > 200000 THEN NULL
                WHEN fill = '' THEN t
                WHEN octet_length(\(side)(t, size, fill)) <= 200000 THEN \(side)(t, size, fill)
                END
            """
        )
    }

    private static let substituted = expression(
        "steward_substitute(t text, part text, new text) RETURNS text",
        """
        CASE WHEN part = '' THEN CASE WHEN octet_length(t) <= 200000 THEN t END
            WHEN octet_length(t)
                + (octet_length(t) - octet_length(replace(t, part, '')))::bigint
                / octet_length(part) * (octet_length(new) - octet_length(part)) <= 200000
            THEN replace(t, part, new) END
        """
    )

    // Each run of letters and digits begins with a capital; marks belong to what they follow.
    private static let capitalized = procedure(
        "steward_capitalized(t text) RETURNS text",
        #"""
        DECLARE
            letter text;
            result text := '';
            isInside boolean := FALSE;
        BEGIN
            FOREACH letter IN ARRAY string_to_array(t, NULL) LOOP
                IF letter ~ '[\u0300-\u036F\u0483-\u0489\u1AB0-\u1AFF\u1DC0-\u1DFF\u200D\u20D0-\u20FF\uFE00-\uFE0F\uFE20-\uFE2F]' THEN
                    result := result || letter;
                ELSE
                    result := result || CASE WHEN isInside THEN steward_lower(letter)
                        ELSE initcap(letter COLLATE "und-x-icu") END;
                    isInside := letter COLLATE "und-x-icu" ~ '[[:alnum:]]';
                END IF;
            END LOOP;
            RETURN CASE WHEN octet_length(result) <= 200000 THEN result END;
        END
        """#
    )

    // The number that a text is; null where it is none.
    private static let value = procedure(
        "steward_value(t text) RETURNS numeric",
        #"""
        DECLARE
            parts text[] := regexp_match(
                t, '^([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:[eE]([+-][0-9]{1,4}|[0-9]{1,5}))?$'
            );
            digits numeric;
            exponent integer;
        BEGIN
            IF parts IS NULL THEN RETURN NULL; END IF;
            digits := parts[1]::numeric;
            IF digits = 0 THEN RETURN 0; END IF;
            digits := trunc(digits, 38 - steward_size(digits));
            exponent := coalesce(parts[2]::integer, 0);
            IF steward_size(digits) + exponent > 400 THEN RETURN NULL; END IF;
            IF steward_size(digits) + exponent < -400 THEN RETURN 0; END IF;
            RETURN trim_scale(digits * ('1e' || exponent)::numeric);
        END
        """#
    )
}
