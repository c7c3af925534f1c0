import Language
import Metadata

/// A field's type in the words of the platform's describe calls.
struct FieldKind {
    /// `string`, `picklist`, `double`, ….
    var type: String
    var soapType: String
    /// In characters; 0 where it has no length.
    var length = 0
    var precision = 0
    var scale = 0
    /// Of an `int`.
    var digits = 0
    var extraTypeInfo: String?
    var isFilterable = true
    var isSortable = true
    var isGroupable = true

    /// The longest value in bytes of UTF-8, as it is reckoned here: three to a character.
    var byteLength: Int {
        switch type {
        case "id", "reference": 18
        default: length * 3
        }
    }

    private init(_ type: String, _ soapType: String) {
        self.type = type
        self.soapType = soapType
    }

    init(_ field: FieldDefinition) {
        self.init("string", "xsd:string")
        length = field.lengthMax ?? 0
        switch field.type {
        case .id: become("id", "tns:ID", length: 18)
        case .lookup, .masterDetail: become("reference", "tns:ID", length: 18)
        case .text, .autoNumber: break
        case .longTextArea: become(text: "textarea", extra: "plaintextarea")
        case .html: become(text: "textarea", extra: "richtextarea")
        case .encryptedText: become(text: "encryptedstring", extra: nil)
        case .email: type = "email"
        case .phone: type = "phone"
        case .url: type = "url"
        case .picklist: type = "picklist"
        case .multiselectPicklist:
            type = "multipicklist"
            isSortable = false
            isGroupable = false
        case .checkbox: become("boolean", "xsd:boolean")
        case .number(let precision, let scale):
            if case .integer = field.valueType {
                become("int", "xsd:int")
                digits = precision
            } else {
                become(number: "double", precision, scale)
            }
        case .currency(let precision, let scale): become(number: "currency", precision, scale)
        case .percent(let precision, let scale): become(number: "percent", precision, scale)
        case .date: become("date", "xsd:date")
        case .dateTime:
            become("datetime", "xsd:dateTime")
            isGroupable = false
        case .time: become("time", "xsd:time")
        case .address: become(compound: "address", "urn:address")
        case .location: become(compound: "location", "urn:location")
        case .coordinate: become(number: "double", 18, 15)
        case .file:
            become(compound: "base64", "xsd:base64Binary")
        case .formula(let formula): become(formula)
        case .summary(let summary): become(summary)
        }
    }

    private mutating func become(_ type: String, _ soapType: String, length: Int = 0) {
        self.type = type
        self.soapType = soapType
        self.length = length
    }

    private mutating func become(text type: String, extra: String?) {
        self.type = type
        extraTypeInfo = extra
        // Short text areas can be compared; long and sealed ones cannot.
        let isShort = type == "textarea" && length <= 255
        isFilterable = isShort
        isSortable = isShort
        isGroupable = isShort
    }

    private mutating func become(number type: String, _ precision: Int, _ scale: Int) {
        become(type, "xsd:double")
        self.precision = precision
        self.scale = scale
        isGroupable = false
    }

    private mutating func become(compound type: String, _ soapType: String) {
        become(type, soapType)
        isFilterable = false
        isSortable = false
        isGroupable = false
    }

    private mutating func become(_ summary: FieldType.Summary) {
        switch summary.result {
        case .number: become(number: "double", summary.precision, summary.scale)
        case .currency: become(number: "currency", summary.precision, summary.scale)
        case .percent: become(number: "percent", summary.precision, summary.scale)
        case .date: become("date", "xsd:date")
        case .dateTime:
            become("datetime", "xsd:dateTime")
            isGroupable = false
        }
    }

    private mutating func become(_ formula: FieldType.Formula) {
        switch formula.returns {
        case .checkbox: become("boolean", "xsd:boolean")
        case .date: become("date", "xsd:date")
        case .dateTime:
            become("datetime", "xsd:dateTime")
            isGroupable = false
        case .time: become("time", "xsd:time")
        case .number: become(number: "double", formula.precision, formula.scale)
        case .currency: become(number: "currency", formula.precision, formula.scale)
        case .percent: become(number: "percent", formula.precision, formula.scale)
        case .text: length = 1_300
        }
    }
}
