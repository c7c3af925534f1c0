/// The names of date literals, upper-cased.
///
/// Source: SOQL and SOSL Reference, "Date Formats and Date Literals".
enum DateLiteralNames {
    private static let spans = [
        "WEEK", "MONTH", "QUARTER", "YEAR", "FISCAL_QUARTER", "FISCAL_YEAR",
    ]
    private static let units = [
        "DAYS", "WEEKS", "MONTHS", "QUARTERS", "YEARS", "FISCAL_QUARTERS", "FISCAL_YEARS",
    ]

    /// Those that stand alone.
    static let plain: Set<String> = {
        var names: Set<String> = [
            "YESTERDAY", "TODAY", "TOMORROW", "LAST_90_DAYS", "NEXT_90_DAYS",
        ]
        for span in spans { names.formUnion(["LAST_\(span)", "THIS_\(span)", "NEXT_\(span)"]) }
        return names
    }()

    /// Those that take a count: `LAST_N_DAYS:30`.
    static let counted: Set<String> = {
        var names: Set<String> = []
        for unit in units {
            names.formUnion(["LAST_N_\(unit)", "NEXT_N_\(unit)", "N_\(unit)_AGO"])
        }
        return names
    }()
}
