// Ids as text, and texts made safe for where they are put.
extension PostgresFunctions {
    static let encodings = [
        base62, identifier, identified,
        expression(
            "steward_html(t text) RETURNS text",
            """
            replace(replace(replace(replace(replace(
                t, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;')
            """
        ),
        expression(
            "steward_script(t text) RETURNS text",
            #"""
            replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
                t, '\', '\\'), '''', '\'''), '"', '\"'), E'\n', '\n'), E'\r', '\r'),
                E'\t', '\t'), '/', '\/'), '<', '\u003C'), '>', '\u003E'),
                E'\u2028', '\u2028'), E'\u2029', '\u2029')
            """#
        ),
        url, currency,
        expression(
            "steward_kept(t text) RETURNS text",
            "CASE WHEN octet_length(t) <= 200000 THEN t END"
        ),
    ]

    private static let base62 = procedure(
        "steward_base62(number bigint, size integer) RETURNS text",
        """
        DECLARE
            rest bigint := number;
            result text := '';
        BEGIN
            FOR place IN 1..size LOOP
                result := substr(
                    '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
                    (rest % 62)::integer + 1, 1
                ) || result;
                rest := rest / 62;
            END LOOP;
            RETURN result;
        END
        """
    )

    // The 18 characters of an id.
    private static let identifier = procedure(
        "steward_id(number bigint) RETURNS text",
        """
        DECLARE
            result text := steward_base62(number >> 45, 3) || 'St0'
                || steward_base62(number & 35184372088831, 9);
            bits integer;
            sums text := '';
        BEGIN
            FOR block IN 0..2 LOOP
                bits := 0;
                FOR place IN 0..4 LOOP
                    IF ascii(substr(result, block * 5 + place + 1, 1)) BETWEEN 65 AND 90 THEN
                        bits := bits | (1 << place);
                    END IF;
                END LOOP;
                sums := sums || substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', bits + 1, 1);
            END LOOP;
            RETURN result || sums;
        END
        """
    )

    // The id that a text is; null where it is none.
    private static let identified = procedure(
        "steward_identified(t text) RETURNS bigint",
        #"""
        DECLARE
            short text := left(t, 15);
            sums text := substr(t, 16);
            isOneCase boolean := short !~ '[A-Z]' OR short !~ '[a-z]';
            letter text;
            bits integer;
            value bigint := 0;
            prefix bigint := 0;
        BEGIN
            IF t !~ '^([0-9A-Za-z]{15}|[0-9A-Za-z]{18})$' THEN RETURN NULL; END IF;
            IF sums <> '' THEN
                IF isOneCase THEN sums := upper(sums COLLATE "C"); END IF;
                FOR block IN 0..2 LOOP
                    bits := strpos(
                        'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', substr(sums, block + 1, 1)
                    ) - 1;
                    IF bits < 0 THEN RETURN NULL; END IF;
                    FOR place IN block * 5 + 1..block * 5 + 5 LOOP
                        letter := substr(short, place, 1);
                        IF letter ~ '[A-Za-z]' AND isOneCase THEN
                            letter := CASE WHEN bits & 1 = 1 THEN upper(letter COLLATE "C")
                                ELSE lower(letter COLLATE "C") END;
                            short := overlay(short PLACING letter FROM place FOR 1);
                        ELSIF (letter ~ '[A-Z]') <> (bits & 1 = 1) THEN
                            RETURN NULL;
                        END IF;
                        bits := bits >> 1;
                    END LOOP;
                END LOOP;
            END IF;
            FOR place IN 1..15 LOOP
                IF place = 4 THEN
                    prefix := value;
                    value := 0;
                    CONTINUE WHEN substr(short, 4, 3) = 'St0';
                    RETURN prefix << 45;
                END IF;
                CONTINUE WHEN place IN (5, 6);
                value := value * 62 + strpos(
                    '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
                    substr(short, place, 1)
                ) - 1;
            END LOOP;
            RETURN CASE WHEN value <= 35184372088831 THEN (prefix << 45) | value END;
        END
        """#
    )

    // As a form sends it.
    private static let url = expression(
        "steward_url(t text) RETURNS text",
        #"""
        coalesce((
            SELECT string_agg(
                CASE WHEN letter ~ '^[-0-9A-Za-z_.*]$' THEN letter WHEN letter = ' ' THEN '+'
                    ELSE regexp_replace(
                        upper(encode(convert_to(letter, 'UTF8'), 'hex')), '(..)', '%\1', 'g'
                    ) END,
                '' ORDER BY place
            )
            FROM unnest(string_to_array(t, NULL)) WITH ORDINALITY AS letters (letter, place)
        ), '')
        """#
    )

    // `USD 1,000.00`.
    private static let currency = procedure(
        "steward_currency(code text, amount numeric) RETURNS text",
        #"""
        DECLARE
            name text := steward_upper(code);
            places integer := CASE
                WHEN name IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG',
                    'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 0
                WHEN name IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 3
                ELSE 2 END;
            parts text[] := string_to_array(round(abs(amount), places)::text, '.');
            result text := regexp_replace(parts[1], '(?<=[0-9])(?=([0-9]{3})+$)', ',', 'g');
        BEGIN
            IF places > 0 THEN result := result || '.' || parts[2]; END IF;
            IF round(amount, places) < 0 THEN result := '-' || result; END IF;
            RETURN CASE WHEN name = '' THEN result ELSE name || ' ' || result END;
        END
        """#
    )
}
