/// One fact that records of an object hold.
package final class FieldDefinition: Sendable {
    /// Who writes the field.
    package enum Writing: String, Sendable {
        /// Anyone with the right to the field.
        case always
        /// Only when the record is created.
        case onCreate
        /// Only the platform.
        case never
    }

    /// A value the platform derives when a record is saved.
    package enum Derivation: Sendable {
        /// True while the picklist's value carries the mark: `IsClosed` from `Status`, `closed`.
        case mark(field: APIName, mark: String)
        /// The moment at which the checkbox became true; empty while it is false.
        case stamp(checkbox: APIName)
        /// The parts, those that are there, joined by one blank: `Name` of a person.
        case joined([APIName])
    }

    package let name: APIName
    package let label: String
    package let type: FieldType
    package let help: String?
    package let description: String?
    /// A save without a value is refused.
    package let isRequired: Bool
    package let isUnique: Bool
    /// Whether a unique or external-id text tells `a` from `A`.
    package let isCaseSensitive: Bool
    package let isExternalID: Bool
    package let isNameField: Bool
    package let writing: Writing
    package let defaultValue: FieldValue
    /// What a new record gets instead of `defaultValue`, worked out when it is created.
    package let defaultFormula: DefaultFormula?
    package let derivation: Derivation?
    /// The compound field of which this is a part: `BillingAddress` for `BillingCity`.
    package let compound: APIName?
    /// Whether full-text search looks into it.
    package let isSearchable: Bool
    /// Whether the field is part of every object of its kind, beyond field-level security.
    package let isSystem: Bool
    /// Whether only the platform knows of it: no caller reads or writes it by name.
    package let isHidden: Bool
    /// What its values are said to be, and which law they fall under.
    package let classification: DataClassification
    /// Its place in a record, from zero.
    package let index: Int

    package init(
        name: APIName,
        label: String,
        type: FieldType,
        help: String? = nil,
        description: String? = nil,
        isRequired: Bool = false,
        isUnique: Bool = false,
        isCaseSensitive: Bool = false,
        isExternalID: Bool = false,
        isNameField: Bool = false,
        writing: Writing = .always,
        defaultValue: FieldValue = .null,
        defaultFormula: DefaultFormula? = nil,
        derivation: Derivation? = nil,
        compound: APIName? = nil,
        isSearchable: Bool = false,
        isSystem: Bool = false,
        isHidden: Bool = false,
        classification: DataClassification = DataClassification(),
        index: Int = 0
    ) {
        self.name = name
        self.label = label
        self.type = type
        self.help = help
        self.description = description
        self.isRequired = isRequired
        self.isUnique = isUnique
        self.isCaseSensitive = isCaseSensitive
        self.isExternalID = isExternalID
        self.isNameField = isNameField
        self.writing = writing
        self.defaultValue = defaultValue
        self.defaultFormula = defaultFormula
        self.derivation = derivation
        self.compound = compound
        self.isSearchable = isSearchable
        self.isSystem = isSystem
        self.isHidden = isHidden
        self.classification = classification
        self.index = index
    }

    /// The same field at another place in the record.
    package func at(_ index: Int) -> FieldDefinition {
        FieldDefinition(
            name: name,
            label: label,
            type: type,
            help: help,
            description: description,
            isRequired: isRequired,
            isUnique: isUnique,
            isCaseSensitive: isCaseSensitive,
            isExternalID: isExternalID,
            isNameField: isNameField,
            writing: writing,
            defaultValue: defaultValue,
            defaultFormula: defaultFormula,
            derivation: derivation,
            compound: compound,
            isSearchable: isSearchable,
            isSystem: isSystem,
            isHidden: isHidden,
            classification: classification,
            index: index
        )
    }
}

/// A formula that gives a field's first value: of the clock, the user and the org, not of a record.
package struct DefaultFormula: Sendable {
    package let expression: String
    /// The field's declaration, for problems found later.
    package let declaration: ShapedMap?

    package init(expression: String, declaration: ShapedMap? = nil) {
        self.expression = expression
        self.declaration = declaration
    }
}

extension FieldDefinition {
    /// The lookup or master-detail it is, if it is one.
    package var reference: Reference? {
        switch type {
        case .lookup(let reference), .masterDetail(let reference): reference
        case .id, .text, .longTextArea, .html, .encryptedText, .email, .phone, .url, .checkbox,
            .number, .currency, .percent, .date, .dateTime, .time, .picklist,
            .multiselectPicklist, .autoNumber, .address, .location, .coordinate, .file,
            .formula, .summary:
            nil
        }
    }

    /// The values it offers, if it is a picklist.
    package var picklist: Picklist? {
        switch type {
        case .picklist(let picklist), .multiselectPicklist(let picklist): picklist
        case .id, .text, .longTextArea, .html, .encryptedText, .email, .phone, .url, .checkbox,
            .number, .currency, .percent, .date, .dateTime, .time, .lookup, .masterDetail,
            .autoNumber, .address, .location, .coordinate, .file, .formula, .summary:
            nil
        }
    }

    /// The name by which a query reaches the parent: `Account` for `AccountId`, `Site__r` for
    /// `Site__c`.
    package var parentRelationshipName: APIName? {
        guard reference != nil else { return nil }
        if name.isCustom { return APIName(String(name.text.dropLast()) + "r") }
        if name.text.hasSuffix("Id") && name.text.count > 2 {
            return APIName(String(name.text.dropLast(2)))
        }
        return nil
    }

    /// Whether it has a column of its own; compounds and computed fields have none.
    package var isStored: Bool {
        switch type {
        case .address, .location, .formula: false
        case .id, .text, .longTextArea, .html, .encryptedText, .email, .phone, .url, .checkbox,
            .number, .currency, .percent, .date, .dateTime, .time, .picklist,
            .multiselectPicklist, .lookup, .masterDetail, .autoNumber, .coordinate, .file,
            .summary:
            true
        }
    }

    /// Whether it is put together from other fields, and never read as one column.
    package var isCompound: Bool {
        switch type {
        case .address, .location: true
        case .id, .text, .longTextArea, .html, .encryptedText, .email, .phone, .url, .checkbox,
            .number, .currency, .percent, .date, .dateTime, .time, .picklist,
            .multiselectPicklist, .lookup, .masterDetail, .autoNumber, .coordinate, .file,
            .formula, .summary:
            false
        }
    }

    /// Whether an upsert may look a record up by it.
    package var isIDLookup: Bool {
        if isExternalID || isUnique { return true }
        if isNameField { return true }
        switch type {
        case .id, .email: return true
        case .text, .longTextArea, .html, .encryptedText, .phone, .url, .checkbox, .number,
            .currency, .percent, .date, .dateTime, .time, .picklist, .multiselectPicklist,
            .lookup, .masterDetail, .autoNumber, .address, .location, .coordinate, .file,
            .formula, .summary:
            return false
        }
    }

    /// The longest text it takes, in characters; `nil` where it is no text.
    package var lengthMax: Int? {
        switch type {
        case .text(let length), .longTextArea(let length), .html(let length),
            .encryptedText(let length):
            length
        case .email: 80
        case .phone: 40
        case .url: 255
        case .picklist: 255
        case .multiselectPicklist: 4_099
        case .autoNumber: 30
        case .id, .checkbox, .number, .currency, .percent, .date, .dateTime, .time, .lookup,
            .masterDetail, .address, .location, .coordinate, .file, .formula, .summary:
            nil
        }
    }
}
