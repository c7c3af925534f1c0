import Kernel
import Metadata

/// The values of one draft, as they are gathered.
struct DemoFields {
    private var members: [JSONObject.Member] = []

    init(capacity: Int) {
        members.reserveCapacity(capacity)
    }

    /// Sets a text; `nil` and the empty text leave the field out.
    mutating func set(_ name: String, _ text: String?) {
        guard let text, !text.isEmpty else { return }
        members.append(JSONObject.Member(name: name, value: .string(text)))
    }

    /// Sets a checkbox; one that is clear is left out.
    mutating func set(_ name: String, _ isSet: Bool) {
        guard isSet else { return }
        members.append(JSONObject.Member(name: name, value: .bool(true)))
    }

    /// Sets a number of `scale` decimals by its digits.
    mutating func set(_ name: String, digits: Int64?, scale: Int = 0) {
        guard let digits else { return }
        let number = JSONNumber(ExactDecimal(unscaled: digits, scale: scale))
        members.append(JSONObject.Member(name: name, value: .number(number)))
    }

    mutating func set(_ name: String, moment: Int64?) {
        guard let moment else { return }
        set(name, DemoCalendar.text(moment))
    }

    /// Who made the record and changed it last, and when.
    mutating func stamp(
        created: Int64,
        by creator: String?,
        modified: Int64? = nil,
        by modifier: String? = nil
    ) {
        set("CreatedDate", moment: created)
        set("CreatedById", creator)
        set("LastModifiedDate", moment: modified ?? created)
        set("LastModifiedById", modifier ?? creator)
    }

    func draft(of object: String) -> RecordDraft {
        RecordDraft(object: object, values: JSONObject(members))
    }
}
