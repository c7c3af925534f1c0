import Gateway
import Kernel
import Metadata

/// How records of an object are laid out.
enum LayoutRoutes {
    /// `GET sobjects/X/describe/layouts`, and `…/layouts/<recordTypeId>`.
    @Sendable static func layouts(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let object = try reader.object(call["object"])
        let types = try RecordTypeNames.ids(of: object, reader)
        let body = LayoutBody(object: object, reader: reader, version: call.version)
        guard !call["recordType"].isEmpty else {
            return .json { body.write(types: types, to: &$0) }
        }
        let id = try reader.recordID(call["recordType"])
        let type = types.first { $0.value == id }
        let isMaster = RecordTypeRegister.master.hasPrefix(call["recordType"])
        guard type != nil || isMaster else { throw RecordError.noSuchResource }
        return .json { body.writeLayout(body.layout(for: type?.key), to: &$0) }
    }

    /// `GET sobjects/X/describe/compactLayouts`: the one that the platform makes from the name.
    @Sendable static func compactLayouts(
        _ call: APICall,
        _ reader: RecordReader
    ) throws -> APIResponse {
        let object = try reader.object(call["object"])
        let id = StableID.id(ofLayout: "SYSTEM", of: object).description
        let body = LayoutBody(object: object, reader: reader, version: call.version)
        return .json { writer in
            writer.beginObject()
            writer.key("compactLayouts")
            writer.beginArray()
            writer.beginObject()
            writer.emptyList("actions")
            writer.key("fieldItems")
            writer.beginArray()
            if let name = object.nameField, reader.access.mayRead(name, of: object) {
                body.writeItem(name, to: &writer)
            }
            writer.endArray()
            writer.member("id", id)
            writer.emptyList("imageItems")
            writer.member("label", "System Default")
            writer.member("name", "SYSTEM")
            writer.member("objectType", object.name.text)
            writer.endObject()
            writer.endArray()
            writer.member("defaultCompactLayoutId", id)
            writer.key("recordTypeCompactLayoutMappings")
            writer.beginArray()
            writer.beginObject()
            writer.member("available", true)
            writer.member("compactLayoutId", id)
            writer.member("compactLayoutName", "SYSTEM")
            writer.member("recordTypeId", RecordTypeRegister.master)
            writer.member("recordTypeName", "Master")
            writer.endObject()
            writer.endArray()
            writer.key("urls")
            writer.beginObject()
            writer.member(
                "primary",
                call.url("sobjects/\(object.name.text)/describe/compactLayouts")
            )
            writer.endObject()
            writer.endObject()
        }
    }

    /// `GET sobjects/X/describe/approvalLayouts`: there are none.
    @Sendable static func approvalLayouts(
        _ call: APICall,
        _ reader: RecordReader
    ) throws -> APIResponse {
        _ = try reader.object(call["object"])
        return .json { writer in
            writer.beginObject()
            writer.emptyList("approvalLayouts")
            writer.endObject()
        }
    }
}
