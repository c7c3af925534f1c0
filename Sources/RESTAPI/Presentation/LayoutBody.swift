import Kernel
import Metadata

/// Describes an object's layouts: `{layouts, recordTypeMappings, recordTypeSelectorRequired}`.
struct LayoutBody {
    private let object: ObjectDefinition
    private let access: CallerAccess
    private let schema: OrgSchema
    private let version: APIVersion

    init(object: ObjectDefinition, reader: RecordReader, version: APIVersion) {
        self.object = object
        access = reader.access
        schema = reader.snapshot.schema
        self.version = version
    }

    /// The layout for records of a type, or of none: what was declared, else one section of all
    /// fields that people write.
    func layout(for recordType: APIName?) -> LayoutDefinition {
        let declared = schema.presentation.layouts.filter { $0.object == object.name }
        if let own = declared.first(where: { $0.recordType != nil && $0.recordType == recordType })
            ?? declared.first(where: { $0.recordType == nil }) ?? declared.first
        {
            return own
        }
        let fields = object.fields.filter { !$0.isSystem && $0.compound == nil }.map(\.name)
        return LayoutDefinition(
            object: object.name,
            name: "\(object.label) Layout",
            recordType: nil,
            sections: [.init(label: "Information", columns: 2, fields: fields)],
            relatedLists: []
        )
    }

    func write(types: [APIName: RecordID], to writer: inout JSONWriter) {
        let named = object.recordTypes.compactMap { type in
            types[type.developerName].map {
                (type, $0.description, layout(for: type.developerName))
            }
        }
        let master = layout(for: nil)
        var seen: Set<String> = []
        writer.beginObject()
        writer.key("layouts")
        writer.beginArray()
        for layout in [master] + named.map(\.2) where seen.insert(layout.name).inserted {
            writeLayout(layout, to: &writer)
        }
        writer.endArray()
        writer.key("recordTypeMappings")
        writer.beginArray()
        for (type, id, layout) in named {
            writeMapping(
                id: id,
                name: type.label,
                developerName: type.developerName.text,
                isAvailable: type.isActive,
                isDefault: type.isDefault,
                isMaster: false,
                offers: type.offers,
                layout,
                to: &writer
            )
        }
        writeMapping(
            id: RecordTypeRegister.master,
            name: "Master",
            developerName: "Master",
            isAvailable: true,
            isDefault: !named.contains(where: \.0.isDefault),
            isMaster: true,
            master,
            to: &writer
        )
        writer.endArray()
        writer.key("recordTypeSelectorRequired")
        writer.beginArray()
        writer.bool(named.count > 1)
        writer.endArray()
        writer.endObject()
    }

    private func writeMapping(
        id: String,
        name: String,
        developerName: String,
        isAvailable: Bool,
        isDefault: Bool,
        isMaster: Bool,
        offers: [APIName: RecordTypeDefinition.Offer] = [:],
        _ layout: LayoutDefinition,
        to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.member("active", isAvailable)
        writer.member("available", isAvailable)
        writer.member("defaultRecordTypeMapping", isDefault)
        writer.member("developerName", developerName)
        writer.member("layoutId", StableID.id(ofLayout: layout.name, of: object).description)
        writer.member("master", isMaster)
        writer.member("name", name)
        writer.key("picklistsForRecordType")
        writer.beginArray()
        for field in object.fields where access.mayRead(field, of: object) {
            guard let picklist = field.picklist else { continue }
            let offer = offers[field.name]
            writer.beginObject()
            writer.member("picklistName", field.name.text)
            writer.key("picklistValues")
            writer.beginArray()
            for value in picklist.values
            where value.isActive && offer?.values.contains(value.name) ?? true {
                let isDefault = offer.map { $0.defaultValue == value.name } ?? value.isDefault
                writer.beginObject()
                writer.member("active", true)
                writer.member("defaultValue", isDefault)
                writer.member("label", value.label)
                writer.member("validFor", nil)
                writer.member("value", value.name)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        writer.member("recordTypeId", id)
        writer.key("urls")
        writer.beginObject()
        writer.member(
            "layout",
            "\(version.path)/sobjects/\(object.name.text)/describe/layouts/\(id)"
        )
        writer.endObject()
        writer.endObject()
    }

    func writeLayout(_ layout: LayoutDefinition, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("buttonLayoutSection")
        writer.beginObject()
        writer.emptyList("detailButtons")
        writer.endObject()
        for (key, isEditing) in [("detailLayoutSections", false), ("editLayoutSections", true)] {
            writer.key(key)
            writer.beginArray()
            for section in layout.sections { write(section, isEditing: isEditing, to: &writer) }
            writer.endArray()
        }
        writer.member("id", StableID.id(ofLayout: layout.name, of: object).description)
        writer.emptyList("multirowEditLayoutSections")
        writer.emptyList("offlineLinks")
        writer.key("relatedLists")
        writer.beginArray()
        for list in layout.relatedLists { write(list, to: &writer) }
        writer.endArray()
        writer.emptyList("saveOptions")
        writer.endObject()
    }
}

// MARK: - Sections and lists

extension LayoutBody {
    private func write(
        _ section: LayoutDefinition.Section,
        isEditing: Bool,
        to writer: inout JSONWriter
    ) {
        let fields = section.fields.compactMap { object.field($0) }
            .filter { access.mayRead($0, of: object) }
        let columns = max(1, section.columns)
        let rows = stride(from: 0, to: fields.count, by: columns).map {
            fields[$0..<min($0 + columns, fields.count)]
        }
        writer.beginObject()
        writer.member("collapsed", false)
        writer.member("columns", columns)
        writer.member("heading", section.label)
        writer.key("layoutRows")
        writer.beginArray()
        for row in rows {
            writer.beginObject()
            writer.key("layoutItems")
            writer.beginArray()
            for field in row { writeItem(field, to: &writer) }
            writer.endArray()
            writer.member("numItems", row.count)
            writer.endObject()
        }
        writer.endArray()
        writer.member("rows", rows.count)
        writer.member("tabOrder", "TopToBottom")
        writer.member("useCollapsibleSection", false)
        writer.member("useHeading", isEditing || !section.label.isEmpty)
        writer.endObject()
    }

    /// One field's place.
    func writeItem(_ field: FieldDefinition, to writer: inout JSONWriter) {
        let isWriteable = field.writing != .never && access.mayEdit(field, of: object)
        writer.beginObject()
        writer.member("editableForNew", isWriteable)
        writer.member("editableForUpdate", isWriteable && field.writing == .always)
        writer.member("label", field.label)
        writer.key("layoutComponents")
        writer.beginArray()
        writer.beginObject()
        writer.member("displayLines", 1)
        writer.member("tabOrder", 1)
        writer.member("type", "Field")
        writer.member("value", field.name.text)
        writer.endObject()
        writer.endArray()
        writer.member("placeholder", false)
        writer.member("required", field.isRequired && isWriteable)
        writer.endObject()
    }

    private func write(_ list: LayoutDefinition.RelatedList, to writer: inout JSONWriter) {
        guard let relationship = schema.childRelationship(list.relationship, of: object.name),
            access.mayRead(relationship.child)
        else { return }
        writer.beginObject()
        writer.emptyList("buttons")
        writer.key("columns")
        writer.beginArray()
        for path in list.fields {
            writer.beginObject()
            writer.member("field", "\(relationship.child.name.text).\(path)")
            writer.member("format", nil)
            writer.member(
                "label",
                relationship.child.field(APIName(path))?.label ?? path
            )
            writer.member("name", path)
            writer.endObject()
        }
        writer.endArray()
        writer.member("custom", relationship.child.isCustom)
        writer.member("field", relationship.field.name.text)
        writer.member("label", relationship.child.pluralLabel)
        writer.member("limitRows", 5)
        writer.member("name", relationship.name?.text)
        writer.member("sobject", relationship.child.name.text)
        writer.emptyList("sort")
        writer.endObject()
    }
}
