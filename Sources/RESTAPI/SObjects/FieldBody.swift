import Kernel
import Language
import Metadata

/// Describes one field.
struct FieldBody {
    let field: FieldDefinition
    let object: ObjectDefinition
    let access: CallerAccess
    let schema: OrgSchema

    func write(to writer: inout JSONWriter) {
        let kind = FieldKind(field)
        writer.beginObject()
        writer.member("aggregatable", kind.isFilterable && kind.soapType != "xsd:boolean")
        writer.member("aiPredictionField", false)
        writer.member("autoNumber", isAutoNumber)
        writer.member("byteLength", kind.byteLength)
        writer.member("calculated", isCalculated)
        writer.member("calculatedFormula", formula?.expression)
        writer.member("cascadeDelete", field.deletesWithParent)
        writer.member("caseSensitive", field.isCaseSensitive)
        writer.member("compoundFieldName", field.compound?.text)
        writer.member("controllerName", field.picklist?.controllingField?.text)
        writer.member(
            "createable",
            isWriteable && field.writing != .never && access.mayCreate(object)
        )
        writer.member("custom", field.name.isCustom)
        writeDefaultValue(to: &writer)
        writer.member("defaultValueFormula", field.defaultFormula?.expression)
        writer.member("defaultedOnCreate", isDefaultedOnCreate)
        writer.member("dependentPicklist", field.picklist?.controllingField != nil)
        writer.member("deprecatedAndHidden", false)
        writer.member("digits", kind.digits)
        writer.member("displayLocationInDecimal", isLocation)
        writer.member("encrypted", kind.type == "encryptedstring")
        writer.member("externalId", field.isExternalID)
        writer.member("extraTypeInfo", kind.extraTypeInfo)
        writer.member("filterable", kind.isFilterable)
        writer.member("filteredLookupInfo", nil)
        writer.member("formulaTreatNullNumberAsZero", formula?.treatsBlanksAsZero ?? false)
        writer.member("groupable", kind.isGroupable && isLasting)
        writer.member("highScaleNumber", false)
        writer.member("htmlFormatted", kind.extraTypeInfo == "richtextarea")
        writer.member("idLookup", field.isIDLookup)
        writer.member("inlineHelpText", field.help)
        writer.member("label", field.label)
        writer.member("length", kind.length)
        writer.member("mask", nil)
        writer.member("maskType", nil)
        writer.member("name", field.name.text)
        writer.member("nameField", field.isNameField)
        writer.member("namePointing", field.reference?.isPolymorphic ?? false)
        writer.member("nillable", isNillable)
        writer.member("permissionable", isPermissionable)
        writePicklistValues(to: &writer)
        writer.member("polymorphicForeignKey", field.reference?.isPolymorphic ?? false)
        writer.member("precision", kind.precision)
        writer.member("queryByDistance", isLocation)
        writer.member("referenceTargetField", nil)
        writer.key("referenceTo")
        writer.strings(field.reference?.targets.map { spelling(of: $0) } ?? [])
        writer.member("relationshipName", field.parentRelationshipName?.text)
        writeRelationshipOrder(to: &writer)
        writer.member("restrictedDelete", isRestrictedDelete)
        writer.member("restrictedPicklist", field.picklist?.isRestricted ?? false)
        writer.member("scale", kind.scale)
        writer.member("searchPrefilterable", kind.type == "reference")
        writer.member("soapType", kind.soapType)
        writer.member("sortable", kind.isSortable)
        writer.member("type", kind.type)
        writer.member("unique", field.isUnique)
        writer.member(
            "updateable",
            isWriteable && field.writing == .always && access.mayEdit(object)
        )
        writer.member("writeRequiresMasterRead", isMasterDetail && field.isRequired)
        writer.endObject()
    }
}

// MARK: - Facts

extension FieldBody {
    private var formula: FieldType.Formula? {
        if case .formula(let formula) = field.type { formula } else { nil }
    }

    /// Whether its value stays until somebody changes a record, as groups need it.
    private var isLasting: Bool {
        guard formula != nil else { return true }
        let compiled = try? schema.formulaFields.formula(of: field, on: object, in: schema)
        return compiled?.isDeterministic ?? false
    }

    private var isAutoNumber: Bool {
        if case .autoNumber = field.type { true } else { false }
    }

    private var isMasterDetail: Bool {
        if case .masterDetail = field.type { true } else { false }
    }

    private var isLocation: Bool {
        if case .location = field.type { true } else { field.isCompound }
    }

    private var isCalculated: Bool {
        if case .summary = field.type { true } else { formula != nil }
    }

    /// Whether anyone writes it, and the caller may.
    private var isWriteable: Bool {
        field.isStored && !isCalculated && !isAutoNumber && access.mayEdit(field, of: object)
    }

    private var isDefaultedOnCreate: Bool {
        field.isSystem || isAutoNumber || field.defaultValue != .null
            || field.defaultFormula != nil
            || field.picklist?.defaultValue != nil || isCheckbox || field.derivation != nil
    }

    private var isCheckbox: Bool {
        if case .checkbox = field.type { true } else { false }
    }

    private var isNillable: Bool {
        if field.name == "RecordTypeId" { return true }
        if isCheckbox || isAutoNumber || field.isSystem { return false }
        return !field.isRequired && !isMasterDetail
    }

    private var isPermissionable: Bool {
        !field.isSystem && !field.isNameField && !field.isRequired && !isMasterDetail
            && field.compound == nil
    }

    private var isRestrictedDelete: Bool {
        !field.isSystem && field.reference?.deleteConstraint == .restrict
    }

    /// An object's name as it was declared.
    private func spelling(of name: APIName) -> String {
        schema.object(name)?.name.text ?? name.text
    }

    private func writeDefaultValue(to writer: inout JSONWriter) {
        writer.key("defaultValue")
        if let value = field.picklist?.defaultValue {
            writer.string(value.name)
            return
        }
        switch field.defaultValue {
        case .text(let text): writer.string(text)
        case .boolean(let value): writer.bool(value)
        case .number(let number): writer.decimal(number.unscaled, scale: number.scale)
        case .date(let days): writer.date(daysSinceEpoch: days)
        case .dateTime(let moment): writer.datetime(millisecondsSinceEpoch: moment.milliseconds)
        case .time(let milliseconds): writer.time(millisecondsOfDay: milliseconds)
        case .id(let id): writer.string(id.description)
        case .coordinate(let degrees): writer.double(degrees)
        case .null where isCheckbox: writer.bool(false)
        case .null, .blob: writer.null()
        }
    }

    private func writeRelationshipOrder(to writer: inout JSONWriter) {
        writer.key("relationshipOrder")
        guard isMasterDetail else {
            writer.null()
            return
        }
        let masters = object.fields.filter { other in
            if case .masterDetail = other.type { true } else { false }
        }
        writer.int(masters.firstIndex { $0.name == field.name } ?? 0)
    }

    private func writePicklistValues(to writer: inout JSONWriter) {
        writer.key("picklistValues")
        writer.beginArray()
        let controlling = controllingValues
        for value in field.picklist?.values ?? [] {
            writer.beginObject()
            writer.member("active", value.isActive)
            writer.member("defaultValue", value.isDefault)
            writer.member("label", value.label)
            writer.member("validFor", validFor(value, controlling))
            writer.member("value", value.name)
            writer.endObject()
        }
        writer.endArray()
    }

    /// The values of the field that decides which of this one's are offered.
    private var controllingValues: [String]? {
        guard let name = field.picklist?.controllingField, let other = object.field(name) else {
            return nil
        }
        return other.picklist?.values.map(\.name) ?? ["false", "true"]
    }

    /// One bit for each controlling value, the first in the highest bit of the first byte.
    private func validFor(_ value: Picklist.Value, _ controlling: [String]?) -> String? {
        guard let controlling else { return nil }
        var bytes = [UInt8](repeating: 0, count: (controlling.count + 7) / 8)
        for (index, name) in controlling.enumerated()
        where value.controllingValues.isEmpty || value.controllingValues.contains(name) {
            bytes[index / 8] |= 0x80 >> (index % 8)
        }
        return Base64.encode(bytes)
    }
}
