// Days, moments and times of day; all in UTC, within the years 1 to 9999.
extension PostgresFunctions {
    static let moments = [
        // A moment, from milliseconds since 1970; whole days and the rest are exact.
        expression(
            "steward_moment(milliseconds bigint) RETURNS timestamptz",
            """
            (TIMESTAMP 'epoch' + (milliseconds / 86400000) * INTERVAL '1 day'
                + (milliseconds % 86400000) * INTERVAL '1 millisecond') AT TIME ZONE 'UTC'
            """
        ),
        expression(
            "steward_milliseconds(moment timestamptz) RETURNS bigint",
            "trunc(EXTRACT(EPOCH FROM moment) * 1000)::bigint"
        ),
        expression(
            "steward_time(milliseconds bigint) RETURNS time",
            "TIME '00:00' + (milliseconds % 86400000) * INTERVAL '1 millisecond'"
        ),
        expression(
            "steward_milliseconds(t time) RETURNS bigint",
            "(EXTRACT(EPOCH FROM t) * 1000)::bigint"
        ),
        // A moment within the calendar.
        expression(
            "steward_dated(milliseconds numeric) RETURNS timestamptz",
            """
            CASE WHEN milliseconds BETWEEN -62135596800000 AND 253402300799999
                THEN steward_moment(milliseconds::bigint) END
            """
        ),
        date, addMonths,
        expression(
            "steward_add(d date, days numeric) RETURNS date",
            """
            CASE WHEN trunc(abs(days)) <= 10000000
                AND d - DATE '0001-01-01' + trunc(days) BETWEEN 0 AND 3652058
                THEN d + trunc(days)::integer END
            """
        ),
        expression(
            "steward_add(moment timestamptz, days numeric) RETURNS timestamptz",
            """
            CASE WHEN abs(round(steward_multiply(days, 86400))) <= 1000000000000
                THEN steward_dated(
                    steward_milliseconds(moment) + 1000 * round(steward_multiply(days, 86400))
                ) END
            """
        ),
        expression(
            "steward_add(t time, milliseconds numeric) RETURNS time",
            """
            CASE WHEN trunc(abs(milliseconds)) <= 1000000000000
                AND steward_milliseconds(t) + trunc(milliseconds) >= 0
                THEN steward_time((steward_milliseconds(t) + trunc(milliseconds))::bigint) END
            """
        ),
        expression(
            "steward_unix(seconds numeric) RETURNS timestamptz",
            """
            CASE WHEN trunc(abs(seconds)) <= 300000000000
                THEN steward_dated(trunc(seconds) * 1000) END
            """
        ),
        expression(
            "steward_day_of(moment timestamptz) RETURNS date",
            "(moment AT TIME ZONE 'UTC')::date"
        ),
        expression(
            "steward_time_of(moment timestamptz) RETURNS time",
            "(moment AT TIME ZONE 'UTC')::time"
        ),
        expression(
            "steward_start_of(d date) RETURNS timestamptz",
            "d::timestamp AT TIME ZONE 'UTC'"
        ),
        readDay, readTime, readMoment, duration,
    ]

    private static let date = expression(
        "steward_date(years integer, months integer, days integer) RETURNS date",
        """
        CASE WHEN years BETWEEN 1 AND 9999 AND months BETWEEN 1 AND 12 AND days >= 1
            AND days <= EXTRACT(DAY FROM make_date(years, months, 1) + INTERVAL '1 month - 1 day')
            THEN make_date(years, months, days) END
        """
    )

    // The last day of a month stays the last day of one.
    private static let addMonths = procedure(
        "steward_add_months(d date, count integer) RETURNS date",
        """
        DECLARE
            months integer := EXTRACT(YEAR FROM d)::integer * 12
                + EXTRACT(MONTH FROM d)::integer - 1 + count;
            first date;
            last integer;
        BEGIN
            IF months < 12 OR months >= 120000 THEN RETURN NULL; END IF;
            first := make_date(months / 12, months % 12 + 1, 1);
            last := EXTRACT(DAY FROM first + INTERVAL '1 month - 1 day')::integer;
            IF count <> 0 AND EXTRACT(DAY FROM d + 1) = 1 THEN RETURN first + last - 1; END IF;
            RETURN first + least(EXTRACT(DAY FROM d)::integer, last) - 1;
        END
        """
    )

    // `2026-1-31`.
    private static let readDay = procedure(
        "steward_read_day(t text) RETURNS date",
        """
        DECLARE
            parts text[] := regexp_match(
                steward_trim_spaces(t), '^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$'
            );
        BEGIN
            RETURN steward_date(parts[1]::integer, parts[2]::integer, parts[3]::integer);
        END
        """
    )

    // `10:30`, `9:30:00`, `10:30:00.000`, as milliseconds.
    private static let readTime = procedure(
        "steward_read_time(t text) RETURNS bigint",
        #"""
        DECLARE
            parts text[] := regexp_match(
                t, '^([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:\.([0-9]{1,3}))?)?$'
            );
        BEGIN
            IF parts[1]::integer < 24 AND parts[2]::integer < 60
                AND coalesce(parts[3]::integer, 0) < 60
            THEN
                RETURN (parts[1]::integer * 60 + parts[2]::integer) * 60000
                    + coalesce(parts[3]::integer, 0) * 1000
                    + rpad(coalesce(parts[4], '0'), 3, '0')::integer;
            END IF;
            RETURN NULL;
        END
        """#
    )

    // `2026-01-31 10:30:00`, with `T` for the blank and a `Z` too.
    private static let readMoment = procedure(
        "steward_read_moment(t text) RETURNS timestamptz",
        """
        DECLARE
            parts text[] := regexp_match(
                regexp_replace(steward_trim_spaces(t), 'Z$', ''),
                '^[ T]*([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})(?:[ T](.*))?$'
            );
            milliseconds bigint := CASE WHEN coalesce(parts[2], '') = '' THEN 0
                ELSE steward_read_time(parts[2]) END;
        BEGIN
            RETURN steward_start_of(steward_read_day(parts[1]))
                + milliseconds * INTERVAL '1 millisecond';
        END
        """
    )

    // `10:30:00` of so many seconds, or `3:10:30:00` with days.
    private static let duration = expression(
        "steward_duration(seconds bigint, hasDays boolean) RETURNS text",
        """
        CASE WHEN hasDays THEN (seconds / 86400)::text || ':'
                || lpad((seconds / 3600 % 24)::text, 2, '0')
            WHEN seconds >= 360000 THEN (seconds / 3600)::text
            ELSE lpad((seconds / 3600)::text, 2, '0') END
        || ':' || lpad((seconds / 60 % 60)::text, 2, '0')
        || ':' || lpad((seconds % 60)::text, 2, '0')
        """
    )
}
