/// Which keys a kind of metadata has: read from a package by it, and published as JSON Schema.
package struct Shape: Sendable {
    /// One key of a mapping.
    package struct Key: Sendable {
        package let name: String
        package let kind: Kind
        package let isRequired: Bool
        /// What it says, for a person who writes it.
        package let summary: String

        package init(_ name: String, _ kind: Kind, required: Bool = false, _ summary: String) {
            self.name = name
            self.kind = kind
            isRequired = required
            self.summary = summary
        }
    }

    package indirect enum Kind: Sendable {
        case text
        case boolean
        case integer
        /// A name by the rules of `APIName`.
        case name
        case choice([String])
        /// Text, a number or a boolean.
        case scalar
        /// One text, or a list of them.
        case texts
        case map(Shape)
        case list(Shape)
        /// A list whose items are of several kinds.
        case variants(Variants)
        /// Names of the writer's choosing, each with text, a number, a boolean or nothing.
        case values
    }

    /// Kinds of mappings that can stand in one list, told apart by the key that names each.
    ///
    /// They are looked up when they are needed, so that a kind can hold a list of its own kind.
    package struct Variants: Sendable {
        /// What one item is called: `step`.
        package let name: String
        package let shapes: @Sendable () -> [(key: String, shape: Shape)]

        package init(
            name: String,
            shapes: @escaping @Sendable () -> [(key: String, shape: Shape)]
        ) {
            self.name = name
            self.shapes = shapes
        }
    }

    package let title: String
    package let summary: String
    package let keys: [Key]

    package init(title: String, summary: String, keys: [Key]) {
        self.title = title
        self.summary = summary
        self.keys = keys
    }
}

/// What is wrong in a metadata package, and where.
package struct PackageProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let file: String
    /// 1-based; zero where it concerns the whole file.
    package let line: Int
    package let column: Int
    package let message: String

    package init(file: String, line: Int, column: Int, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    package var description: String {
        line > 0 ? "\(file):\(line):\(column): \(message)" : "\(file): \(message)"
    }
}

/// All that is wrong in a set of packages: every problem, not the first.
package struct PackageProblems: Error, Sendable, CustomStringConvertible {
    package let problems: [PackageProblem]

    package init(_ problems: [PackageProblem]) {
        self.problems = problems
    }

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
