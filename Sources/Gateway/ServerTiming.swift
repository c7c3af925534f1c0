/// Tells in each response how long its stages took.
///
/// Any browser shows it beside the request. Source: W3C, "Server Timing".
package enum ServerTiming {
    /// The header's value: `parse;dur=0.02, store;dur=1.31, total;dur=1.52`, in milliseconds.
    package static func header(
        _ timings: [(stage: String, duration: Duration)],
        total: Duration
    ) -> String {
        var text = ""
        for timing in timings {
            text += "\(timing.stage);dur=\(milliseconds(timing.duration)), "
        }
        return text + "total;dur=\(milliseconds(total))"
    }

    /// Milliseconds with two decimals.
    private static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let hundredths = max(0, seconds * 100_000 + attoseconds / 10_000_000_000_000)
        let decimals = hundredths % 100
        return "\(hundredths / 100).\(decimals < 10 ? "0" : "")\(decimals)"
    }
}
