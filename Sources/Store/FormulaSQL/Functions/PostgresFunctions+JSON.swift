// Values inside JSON text.
extension PostgresFunctions {
    /// The only function that catches an error: before release 16 nothing else can tell whether a
    /// text is JSON.
    static let json = [
        procedure(
            "steward_json(t text, place text, isPath boolean) RETURNS text",
            #"""
            DECLARE
                value json;
                step text;
            BEGIN
                BEGIN
                    value := ltrim(t, E'\uFEFF')::json;
                    IF isPath AND left(place, 1) <> '$' THEN RETURN ''; END IF;
                    FOREACH step IN ARRAY CASE WHEN isPath
                        THEN array_remove(regexp_split_to_array(substr(place, 2), '[].[''"]'), '')
                        ELSE ARRAY[place] END
                    LOOP
                        IF isPath AND json_typeof(value) = 'array' AND step ~ '^[+-]?[0-9]{1,9}$'
                        THEN
                            value := CASE WHEN step::integer >= 0 THEN value -> step::integer END;
                        ELSE
                            value := CASE WHEN json_typeof(value) = 'object' THEN value -> step END;
                        END IF;
                    END LOOP;
                    RETURN coalesce(
                        CASE WHEN json_typeof(value) IN ('string', 'number', 'boolean')
                            THEN value #>> '{}' END,
                        ''
                    );
                EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
                    RETURN '';
                END;
            END
            """#
        )
    ]
}
