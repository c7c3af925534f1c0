package import Gateway
package import Metadata

/// The API's counter is the gateway's, which is written down and outlives a restart.
extension RateLimits: UsageCounter {
    package func count(_ org: OrgID, at moment: Instant) -> APIUsage {
        let usage = count(org)
        return APIUsage(used: usage.used, max: usage.allowed)
    }

    package func usage(_ org: OrgID, at moment: Instant) -> APIUsage {
        let usage = usage(of: org)
        return APIUsage(used: usage.used, max: usage.allowed)
    }
}
