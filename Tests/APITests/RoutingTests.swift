import Gateway
import Metadata
import RESTAPI
import Testing

/// Which path leads where.
@Suite struct RoutingTests {
    private func route(_ path: String) -> String? {
        let match = RouteTable.standard.match(path.split(separator: "/").map(String.init))
        return match?.routes[.get]?.pattern.joined(separator: "/")
    }

    @Test("fixed words are found in any letter case, before variables")
    func words() {
        let base = "services/data/:version"
        #expect(route("/Services/DATA/v62.0/LIMITS") == "\(base)/limits")
        #expect(
            route("/services/data/v62.0/sobjects/X/Describe") == "\(base)/sobjects/:object/describe"
        )
        #expect(route("/services/data/v62.0/sobjects/X/500") == "\(base)/sobjects/:object/:id")
        // A word that leads on only elsewhere is a value here.
        #expect(
            route("/services/data/v62.0/sobjects/X/updated/y")
                == "\(base)/sobjects/:object/:field/:value"
        )
        #expect(route("/services/data/v62.0/sobjects/X/1/2/3") == nil)
        #expect(route("/services") == nil)
    }

    @Test("no two routes have the same method and path, and all have a sentence")
    func unique() {
        var seen: Set<String> = []
        for route in RouteTable.standard.routes {
            let path = route.pattern.map { $0.hasPrefix(":") ? ":" : $0.lowercased() }
                .joined(separator: "/")
            #expect(seen.insert("\(route.method.rawValue) \(path)").inserted, "\(path)")
            #expect(route.summary.hasSuffix("."))
        }
    }

    @Test(
        "versions are read strictly and named after their seasons",
        arguments: [
            ("v62.0", 62), ("V20.0", 20), ("67.0", 67), ("v19.0", nil), ("v68.0", nil),
            ("v62", nil), ("v62.1", nil), ("v-2.0", nil), ("", nil), ("v", nil),
        ] as [(String, Int?)]
    )
    func versions(_ text: String, _ major: Int?) {
        #expect(APIVersion(text)?.major == major)
    }

    @Test(
        "seasons",
        arguments: [(59, "Winter '24"), (60, "Spring '24"), (62, "Winter '25"), (20, "Winter '11")]
    )
    func seasons(_ major: Int, _ label: String) {
        #expect(APIVersion(major: major)?.label == label)
    }

    @Test("dates of HTTP survive being written and read")
    func dates() {
        let moment = Instant(milliseconds: 784_903_526_000)
        #expect(HTTPDate.text(of: moment) == "Tue, 15 Nov 1994 12:45:26 GMT")
        #expect(HTTPDate.parse("Tue, 15 Nov 1994 12:45:26 GMT") == moment)
        #expect(HTTPDate.parse("yesterday") == nil)
    }
}
