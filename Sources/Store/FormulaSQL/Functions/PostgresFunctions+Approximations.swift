// What is worked out in binary fractions: roots, logarithms, angles and distances.
extension PostgresFunctions {
    static let approximations = [
        // Beyond what a binary fraction holds: infinite, or 0.
        expression(
            "steward_double(x numeric) RETURNS double precision",
            """
            CASE WHEN abs(x) >= 1.797693134862315e308 THEN sign(x)::double precision * 'Infinity'
                WHEN abs(x) < 2.3e-308 THEN 0
                ELSE x::double precision END
            """
        ),
        // With as many digits as tell it from its neighbours; a cast would keep fifteen.
        expression(
            "steward_decimal(x double precision) RETURNS numeric",
            """
            CASE WHEN x IN ('NaN', 'Infinity', '-Infinity') THEN NULL
                ELSE trim_scale(x::text::numeric) END
            """
        ),
        approximate, place, distance,
    ]

    private static let approximate = procedure(
        "steward_approximate(name text, a numeric, b numeric) RETURNS numeric",
        """
        DECLARE
            x double precision := steward_double(a);
            y double precision := steward_double(b);
            isFinite boolean := abs(x) < 'Infinity';
        BEGIN
            RETURN steward_decimal(CASE name
                WHEN 'SQRT' THEN CASE WHEN x >= 0 THEN sqrt(x) END
                WHEN 'EXP' THEN
                    CASE WHEN x < -708.39 THEN 0 WHEN x < 709.78271289338399 THEN exp(x) END
                WHEN 'LN' THEN CASE WHEN x > 0 AND isFinite THEN ln(x) END
                WHEN 'LOG' THEN CASE WHEN x > 0 AND isFinite THEN log(x) END
                WHEN 'SIN' THEN CASE WHEN isFinite THEN sin(x) END
                WHEN 'COS' THEN CASE WHEN isFinite THEN cos(x) END
                WHEN 'TAN' THEN CASE WHEN isFinite THEN tan(x) END
                WHEN 'ASIN' THEN CASE WHEN abs(x) <= 1 THEN asin(x) END
                WHEN 'ACOS' THEN CASE WHEN abs(x) <= 1 THEN acos(x) END
                WHEN 'ATAN' THEN atan(x)
                WHEN 'ATAN2' THEN atan2(x, y)
            END);
        END
        """
    )

    // Latitude and longitude.
    private static let place = expression(
        "steward_place(latitude numeric, longitude numeric) RETURNS double precision[]",
        """
        CASE WHEN abs(steward_double(latitude)) <= 90 AND abs(steward_double(longitude)) <= 180
            THEN ARRAY[steward_double(latitude), steward_double(longitude)] END
        """
    )

    private static let distance = procedure(
        """
        steward_places_apart(a double precision[], b double precision[], unit text)
            RETURNS numeric
        """,
        """
        DECLARE
            degree double precision := pi() / 180;
            half double precision;
            side double precision;
            chord double precision;
        BEGIN
            IF lower(unit) NOT IN ('mi', 'km') THEN RETURN NULL; END IF;
            half := sin((b[1] * degree - a[1] * degree) / 2);
            side := sin((b[2] - a[2]) * degree / 2);
            chord := half * half + cos(a[1] * degree) * cos(b[1] * degree) * side * side;
            RETURN steward_decimal(
                CASE lower(unit) WHEN 'mi' THEN 3958.761::double precision ELSE 6371.009 END
                * (2 * asin(least(1, sqrt(chord))))
            );
        END
        """
    )
}
