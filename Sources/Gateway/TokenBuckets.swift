import Metadata

/// For each of many subjects, a number of tries that fills up again with time.
struct TokenBuckets {
    private struct Bucket {
        var tokens: Double
        var filledAt: Instant
    }

    private var buckets: [String: Bucket] = [:]
    private static let capacity = 50_000

    /// Takes one try.
    ///
    /// - Returns: `nil` when there was one, else after how many seconds there will be.
    mutating func take(
        _ subject: String,
        at now: Instant,
        burst: Double,
        perMinute: Double
    ) -> Int? {
        var bucket = buckets[subject] ?? Bucket(tokens: burst, filledAt: now)
        let minutes = Double(max(0, now.milliseconds - bucket.filledAt.milliseconds)) / 60_000
        bucket.tokens = min(burst, bucket.tokens + minutes * perMinute)
        bucket.filledAt = now
        let isAdmitted = bucket.tokens >= 1
        if isAdmitted { bucket.tokens -= 1 }
        if buckets[subject] == nil, buckets.count >= Self.capacity { dropFullest() }
        buckets[subject] = bucket
        guard !isAdmitted, perMinute > 0 else { return isAdmitted ? nil : 60 }
        return max(1, Int(((1 - bucket.tokens) / perMinute * 60).rounded(.up)))
    }

    /// Makes room: those who have tried least lose least by being forgotten.
    private mutating func dropFullest() {
        let emptiestFirst = buckets.sorted { $0.value.tokens < $1.value.tokens }
        buckets = Dictionary(
            uniqueKeysWithValues: emptiestFirst.prefix(Self.capacity / 2).map { ($0, $1) }
        )
    }
}
