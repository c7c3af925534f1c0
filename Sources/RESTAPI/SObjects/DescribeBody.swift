package import Kernel
package import Metadata

/// Describes objects: the entry of the list of all, and the whole of one.
package struct DescribeBody {
    private let schema: OrgSchema
    private let access: CallerAccess
    private let version: APIVersion
    private let recordTypeIDs: [APIName: RecordID]

    package init(
        schema: OrgSchema,
        access: CallerAccess,
        version: APIVersion,
        recordTypeIDs: [APIName: RecordID] = [:]
    ) {
        self.schema = schema
        self.access = access
        self.version = version
        self.recordTypeIDs = recordTypeIDs
    }

    init(reader: RecordReader, version: APIVersion, recordTypeIDs: [APIName: RecordID] = [:]) {
        self.init(
            schema: reader.snapshot.schema,
            access: reader.access,
            version: version,
            recordTypeIDs: recordTypeIDs
        )
    }

    /// The entry of an object in the list of all.
    package func writeSummary(of object: ObjectDefinition, to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(of: object, to: &writer)
        writer.endObject()
    }

    private func writeMembers(of object: ObjectDefinition, to writer: inout JSONWriter) {
        let traits = object.traits
        writer.member("activateable", false)
        writer.member("associateEntityType", nil)
        writer.member("associateParentEntity", nil)
        writer.member("createable", traits.isCreateable && access.mayCreate(object))
        writer.member("custom", object.isCustom)
        writer.member("customSetting", false)
        writer.member("deepCloneable", false)
        writer.member("defaultImplementation", nil)
        writer.member("deletable", traits.isDeletable && access.mayDelete(object))
        writer.member("deprecatedAndHidden", false)
        writer.member("extendedBy", nil)
        writer.member("extendsInterfaces", nil)
        writer.member("feedEnabled", false)
        writer.member("hasSubtypes", false)
        writer.member("implementedBy", nil)
        writer.member("implementsInterfaces", nil)
        writer.member("isInterface", false)
        writer.member("isSubtype", false)
        writer.member("keyPrefix", object.keyPrefix.description)
        writer.member("label", object.label)
        writer.member("labelPlural", object.pluralLabel)
        writer.member("layoutable", !traits.isSetup)
        writer.member("mergeable", traits.isMergeable && access.mayDelete(object))
        writer.member("mruEnabled", !traits.isSetup)
        writer.member("name", object.name.text)
        writer.member("queryable", true)
        writer.member("replicateable", object.field("SystemModstamp") != nil)
        writer.member("retrieveable", true)
        writer.member("searchable", traits.isSearchable)
        writer.member("triggerable", !traits.isSetup)
        writer.member("undeletable", traits.isDeletable && access.mayDelete(object))
        writer.member("updateable", traits.isUpdateable && access.mayEdit(object))
        writeURLs(of: object, to: &writer)
    }

    private func writeURLs(of object: ObjectDefinition, to writer: inout JSONWriter) {
        let base = "\(version.path)/sobjects/\(object.name.text)"
        writer.key("urls")
        writer.beginObject()
        writer.member("sobject", base)
        writer.member("describe", "\(base)/describe")
        writer.member("rowTemplate", "\(base)/{ID}")
        writer.member("layouts", "\(base)/describe/layouts")
        writer.member("compactLayouts", "\(base)/describe/compactLayouts")
        writer.member("listviews", "\(base)/listviews")
        writer.member("quickActions", "\(base)/quickActions")
        writer.endObject()
    }

    /// The whole description of an object.
    package func write(_ object: ObjectDefinition, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.emptyList("actionOverrides")
        writeChildRelationships(of: object, to: &writer)
        writer.member("compactLayoutable", !object.traits.isSetup)
        writer.key("fields")
        writer.beginArray()
        for field in object.fields where access.mayRead(field, of: object) {
            FieldBody(field: field, object: object, access: access, schema: schema)
                .write(to: &writer)
        }
        writer.endArray()
        writer.member("listviewable", nil)
        writer.member("lookupLayoutable", nil)
        writeMembers(of: object, to: &writer)
        writer.emptyList("namedLayoutInfos")
        writer.member("networkScopeFieldName", nil)
        writeRecordTypes(of: object, to: &writer)
        writer.member("searchLayoutable", object.traits.isSearchable)
        writer.member("sobjectDescribeOption", "FULL")
        writeScopes(of: object, to: &writer)
        writer.endObject()
    }

    private func writeChildRelationships(
        of object: ObjectDefinition,
        to writer: inout JSONWriter
    ) {
        writer.key("childRelationships")
        writer.beginArray()
        for relationship in schema.childRelationships(of: object.name) {
            let child = relationship.child
            guard access.mayRead(child), access.mayRead(relationship.field, of: child) else {
                continue
            }
            let constraint = relationship.field.reference?.deleteConstraint
            writer.beginObject()
            writer.member("cascadeDelete", relationship.field.deletesWithParent)
            writer.member("childSObject", child.name.text)
            writer.member("deprecatedAndHidden", false)
            writer.member("field", relationship.field.name.text)
            writer.emptyList("junctionIdListNames")
            writer.emptyList("junctionReferenceTo")
            writer.member("relationshipName", relationship.name?.text)
            writer.member(
                "restrictedDelete",
                constraint == .restrict && !relationship.field.isSystem
            )
            writer.endObject()
        }
        writer.endArray()
    }

    private func writeRecordTypes(of object: ObjectDefinition, to writer: inout JSONWriter) {
        writer.key("recordTypeInfos")
        writer.beginArray()
        for type in object.recordTypes {
            // Without an id a client could do nothing with it.
            guard let id = recordTypeIDs[type.developerName] else { continue }
            writeRecordType(
                id: id.description,
                name: type.label,
                developerName: type.developerName.text,
                isActive: type.isActive,
                isDefault: type.isDefault,
                isMaster: false,
                object,
                to: &writer
            )
        }
        let hasDefault = object.recordTypes.contains {
            $0.isDefault && recordTypeIDs[$0.developerName] != nil
        }
        writeRecordType(
            id: RecordTypeRegister.master,
            name: "Master",
            developerName: "Master",
            isActive: true,
            isDefault: !hasDefault,
            isMaster: true,
            object,
            to: &writer
        )
        writer.endArray()
    }

    private func writeRecordType(
        id: String,
        name: String,
        developerName: String,
        isActive: Bool,
        isDefault: Bool,
        isMaster: Bool,
        _ object: ObjectDefinition,
        to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.member("active", isActive)
        writer.member("available", isActive)
        writer.member("defaultRecordTypeMapping", isDefault)
        writer.member("developerName", developerName)
        writer.member("master", isMaster)
        writer.member("name", name)
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

    private func writeScopes(of object: ObjectDefinition, to writer: inout JSONWriter) {
        writer.key("supportedScopes")
        writer.beginArray()
        var scopes = [("everything", "All \(object.pluralLabel)")]
        if object.ownerField != nil { scopes.append(("mine", "My \(object.pluralLabel)")) }
        for (name, label) in scopes {
            writer.beginObject()
            writer.member("label", label)
            writer.member("name", name)
            writer.endObject()
        }
        writer.endArray()
    }
}

extension FieldDefinition {
    /// Whether a record goes when the one goes to which this field points.
    var deletesWithParent: Bool {
        switch type {
        case .masterDetail: true
        case .lookup(let reference): reference.deleteConstraint == .cascade
        case .id, .text, .longTextArea, .html, .encryptedText, .email, .phone, .url, .checkbox,
            .number, .currency, .percent, .date, .dateTime, .time, .picklist,
            .multiselectPicklist, .autoNumber, .address, .location, .coordinate, .file, .formula,
            .summary:
            false
        }
    }
}
