/// The functions that formulas call in PostgreSQL, where a formula's own SQL would be too long.
///
/// Each org's schema has them. None raises an error for any value: what fails gives null, as a blank
/// does, unless its comment says otherwise.
package enum PostgresFunctions {
    /// Their definitions, in an order in which they can be made, and made again.
    package static let all = refusal + numbers + approximations + texts + encodings + moments + json

    /// A function of one expression, which the planner may write out where it is called.
    static func expression(_ head: String, _ body: String) -> String {
        """
        CREATE OR REPLACE FUNCTION \(head)
        LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $function$
        SELECT \(body)
        $function$
        """
    }

    /// A function of several steps.
    static func procedure(_ head: String, _ body: String) -> String {
        """
        CREATE OR REPLACE FUNCTION \(head)
        LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
        \(body)
        $function$
        """
    }

    /// Raises an error: the formula has no SQL.
    private static let refusal = [
        procedure(
            "steward_refused(reason text) RETURNS text",
            """
            BEGIN
                RAISE EXCEPTION USING ERRCODE = 'feature_not_supported', MESSAGE = reason;
            END
            """
        )
    ]
}
