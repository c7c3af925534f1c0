package import Metadata

/// A field that a formula reads: of the record it is about, or of a parent.
package struct FormulaPath: Sendable {
    /// Where the path begins.
    package enum Root: Hashable, Sendable {
        /// The record that the formula is about.
        case record
        /// That record as it was stored before the save: `PRIORVALUE`, `ISCHANGED`,
        /// `$Record__Prior`.
        case priorRecord
        /// A variable that holds a record.
        case variable(String)
        /// The row of the caller: `$User`.
        case user
    }

    /// A lookup that is followed, and the object that is expected behind it.
    ///
    /// Where a polymorphic lookup holds a record of another object, the path has no value.
    package struct Step: Sendable {
        package let lookup: FieldDefinition
        package let target: ObjectDefinition

        package init(lookup: FieldDefinition, target: ObjectDefinition) {
            self.lookup = lookup
            self.target = target
        }
    }

    package let root: Root
    /// The object of the root's record.
    package let base: ObjectDefinition
    package let steps: [Step]
    package let field: FieldDefinition

    package init(
        root: Root = .record,
        base: ObjectDefinition,
        steps: [Step] = [],
        field: FieldDefinition
    ) {
        self.root = root
        self.base = base
        self.steps = steps
        self.field = field
    }

    /// The object that declares the field.
    package var object: ObjectDefinition { steps.last?.target ?? base }

    /// As a formula writes it, with the declared spelling of every name.
    package var text: String {
        var names = steps.map { step in
            let relationship = step.lookup.parentRelationshipName?.text ?? step.lookup.name.text
            let isPolymorphic = step.lookup.reference?.isPolymorphic ?? false
            return isPolymorphic ? "\(relationship):\(step.target.name.text)" : relationship
        }
        names.append(field.name.text)
        let path = names.joined(separator: ".")
        return switch root {
        case .record: path
        case .priorRecord: "$Record__Prior.\(path)"
        case .variable(let name): "\(name).\(path)"
        case .user: "$User.\(path)"
        }
    }
}

extension FormulaPath: Hashable {
    package static func == (left: FormulaPath, right: FormulaPath) -> Bool {
        left.root == right.root && left.base.name == right.base.name
            && left.field.name == right.field.name && left.steps.count == right.steps.count
            && zip(left.steps, right.steps).allSatisfy {
                $0.lookup.name == $1.lookup.name && $0.target.name == $1.target.name
            }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(root)
        hasher.combine(base.name)
        hasher.combine(field.name)
        for step in steps {
            hasher.combine(step.lookup.name)
            hasher.combine(step.target.name)
        }
    }
}

/// A value that belongs to no record of the formula: `$Profile.Name`, `$Permission.EditBudget`.
///
/// `$User.Field` is no global but a path whose root is the caller's row, so that a parent of the
/// user can be read too.
package struct FormulaGlobal: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case user = "$User"
        case profile = "$Profile"
        case userRole = "$UserRole"
        case organization = "$Organization"
        /// Whether the caller has a permission of that name.
        case permission = "$Permission"
        case label = "$Label"
        case customMetadata = "$CustomMetadata"
        case setup = "$Setup"
        case system = "$System"
        case api = "$Api"
        case flow = "$Flow"
        /// The record that the formula is about; stands for its fields without a prefix.
        case record = "$Record"
        /// The record before the save.
        case priorRecord = "$Record__Prior"
    }

    package let kind: Kind
    /// The names after the kind: `["Name"]`, `["Settings__c", "Grace_Period__c"]`.
    package let path: [String]
    package let type: FormulaType

    package init(kind: Kind, path: [String], type: FormulaType) {
        self.kind = kind
        self.path = path
        self.type = type
    }

    package var text: String { ([kind.rawValue] + path).joined(separator: ".") }
}
