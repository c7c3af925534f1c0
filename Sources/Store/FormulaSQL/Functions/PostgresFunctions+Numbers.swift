// Decimals of 38 digits, as `FormulaNumber` has them.
extension PostgresFunctions {
    static let numbers = [
        // The digits before the point; of fractions less than 0.1, less than none.
        expression(
            "steward_size(x numeric) RETURNS integer",
            "length(ltrim(replace(abs(x)::text, '.', ''), '0')) - scale(x)"
        ),
        // Null beyond the greatest number, 0 below the smallest.
        expression(
            "steward_held(x numeric) RETURNS numeric",
            """
            CASE WHEN abs(x) >= 1e400 THEN NULL WHEN abs(x) < 1e-401 THEN 0
                ELSE trim_scale(x) END
            """
        ),
        expression(
            "steward_digits(x numeric, digits integer) RETURNS numeric",
            "CASE WHEN x = 0 THEN x ELSE trim_scale(round(x, digits - steward_size(x))) END"
        ),
        add, multiply, divide, modulo, power,
        // A whole number to count with.
        expression(
            "steward_integer(x numeric) RETURNS integer",
            "greatest(-1000000000, least(1000000000, trunc(x)))::integer"
        ),
        expression(
            "steward_round(x numeric, places integer) RETURNS numeric",
            "trim_scale(round(x, greatest(-1000, least(1000, places))))"
        ),
        expression(
            "steward_trunc(x numeric, places integer) RETURNS numeric",
            "trim_scale(trunc(x, greatest(-1000, least(1000, places))))"
        ),
        // Null where one of them is.
        expression(
            "steward_greatest(VARIADIC x numeric[]) RETURNS numeric",
            "CASE WHEN array_position(x, NULL) IS NULL THEN (SELECT max(n) FROM unnest(x) n) END"
        ),
        expression(
            "steward_least(VARIADIC x numeric[]) RETURNS numeric",
            "CASE WHEN array_position(x, NULL) IS NULL THEN (SELECT min(n) FROM unnest(x) n) END"
        ),
        shown,
    ]

    private static let add = procedure(
        "steward_add(a numeric, b numeric) RETURNS numeric",
        """
        DECLARE
            places integer;
            total numeric;
        BEGIN
            IF a = 0 THEN RETURN b; END IF;
            IF b = 0 THEN RETURN a; END IF;
            places := 38 - greatest(steward_size(a), steward_size(b));
            total := round(a, places) + round(b, places);
            IF total = 0 THEN RETURN 0; END IF;
            RETURN steward_held(round(total, least(places, 38 - steward_size(total))));
        END
        """
    )

    private static let multiply = expression(
        "steward_multiply(a numeric, b numeric) RETURNS numeric",
        "steward_held(steward_digits(a * b, 38))"
    )

    // Whole numbers throughout: PostgreSQL's own quotients have fewer digits.
    private static let divide = procedure(
        "steward_divide(a numeric, b numeric) RETURNS numeric",
        """
        DECLARE
            places integer;
            quotient numeric;
        BEGIN
            IF b = 0 THEN RETURN NULL; END IF;
            IF a = 0 THEN RETURN 0; END IF;
            places := 37 - steward_size(a) + steward_size(b);
            quotient := div(
                2 * abs(a) * ('1e' || places)::numeric + abs(b), 2 * abs(b)
            );
            RETURN steward_held(sign(a) * sign(b) * quotient * ('1e' || -places)::numeric);
        END
        """
    )

    private static let modulo = procedure(
        "steward_mod(a numeric, b numeric) RETURNS numeric",
        """
        DECLARE
            quotient numeric := trunc(steward_divide(a, b));
            rest numeric;
        BEGIN
            IF quotient IS NULL OR abs(quotient) >= 1e36 THEN RETURN NULL; END IF;
            rest := steward_add(a, -steward_multiply(b, quotient));
            IF rest = 0 OR sign(rest) = sign(a) THEN RETURN rest; END IF;
            RETURN steward_add(rest, sign(a) * abs(b));
        END
        """
    )

    private static let power = procedure(
        "steward_power(x numeric, exponent numeric) RETURNS numeric",
        """
        DECLARE
            base numeric := x;
            rest integer;
            result numeric := 1;
        BEGIN
            IF exponent <> trunc(exponent) OR abs(exponent) > 999999 THEN RETURN NULL; END IF;
            IF x = 0 THEN
                RETURN CASE WHEN exponent = 0 THEN 1 WHEN exponent > 0 THEN 0 END;
            END IF;
            rest := abs(exponent);
            WHILE rest > 0 LOOP
                IF rest % 2 = 1 THEN result := steward_multiply(result, base); END IF;
                rest := rest / 2;
                IF result IS NULL THEN RETURN NULL; END IF;
                IF result = 0 OR (base = 0 AND rest > 0) THEN
                    result := 0;
                    EXIT;
                END IF;
                IF rest > 0 THEN base := steward_multiply(base, base); END IF;
                IF base IS NULL THEN RETURN NULL; END IF;
            END LOOP;
            IF exponent < 0 THEN result := steward_divide(1, result); END IF;
            IF result IS NULL OR abs(result) >= 1e65 THEN RETURN NULL; END IF;
            IF abs(result) < 1e-39 THEN RETURN 0; END IF;
            RETURN steward_digits(result, 18);
        END
        """
    )

    // What a field of so many decimals shows: 18 digits are kept first.
    private static let shown = procedure(
        "steward_shown(x numeric, places integer) RETURNS numeric",
        """
        DECLARE
            kept numeric;
        BEGIN
            IF x = 0 THEN RETURN round(0::numeric, places); END IF;
            IF abs(x) >= 1e18 THEN RETURN NULL; END IF;
            kept := round(x, 18 - greatest(0, steward_size(x)));
            IF abs(kept) >= 1e18 THEN RETURN NULL; END IF;
            kept := round(kept, places);
            IF abs(kept) * ('1e' || places)::numeric > 9223372036854775807 THEN
                RETURN NULL;
            END IF;
            RETURN kept;
        END
        """
    )
}
