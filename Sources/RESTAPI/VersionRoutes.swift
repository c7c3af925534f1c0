import Gateway
import Kernel
import Metadata

/// Which versions there are, and what each has.
enum VersionRoutes {
    /// `GET /services/data`: the versions, oldest first.
    @Sendable static func versions(_ call: APICall) throws -> APIResponse {
        .ok(versionList)
    }

    /// Every client asks for it first, and it never changes.
    private static let versionList: [UInt8] = {
        var writer = JSONWriter()
        writer.beginArray()
        for version in APIVersion.served.compactMap({ APIVersion(major: $0) }) {
            writer.beginObject()
            writer.member("label", version.label)
            writer.member("url", version.path)
            writer.member("version", version.text)
            writer.endObject()
        }
        writer.endArray()
        return writer.bytes
    }()

    private static let resources = [
        "actions", "composite", "limits", "parameterizedSearch", "process", "query", "queryAll",
        "quickActions", "recent", "search", "sobjects", "tabs", "theme",
    ]

    /// `GET /services/data/vXX.X`: the resources.
    @Sendable static func resources(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let caller = reader.caller
        return .json { writer in
            writer.beginObject()
            for name in resources { writer.memberNamed(name, call.url(name)) }
            writer.member(
                "identity",
                "\(call.request.origin)/id/\(caller.org.description)/\(caller.user.description)"
            )
            writer.endObject()
        }
    }
}

extension JSONWriter {
    /// A member whose name is known only now.
    mutating func memberNamed(_ name: String, _ value: String) {
        key(name)
        string(value)
    }
}
