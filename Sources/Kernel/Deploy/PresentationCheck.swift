import Language
import Metadata

/// Checks that list views, layouts and apps name what exists: what is installed is never inert.
struct PresentationCheck {
    let schema: OrgSchema

    var problems: [PackageProblem] {
        schema.presentation.listViews.flatMap(check)
            + schema.presentation.layouts.flatMap(check)
            + schema.presentation.apps.flatMap(check)
    }

    private func problem(_ file: String, _ message: String) -> PackageProblem {
        PackageProblem(file: file, line: 0, column: 0, message: message)
    }

    private func noObject(_ name: APIName, _ file: String) -> PackageProblem {
        let hint = Suggestion.phrase(for: name.text, among: schema.objects.map(\.name.text))
        return problem(file, "`\(name)` is no object\(hint)")
    }

    private func check(_ view: ListViewDefinition) -> [PackageProblem] {
        let file = "list view \(view.object).\(view.developerName)"
        guard schema.object(view.object) != nil else { return [noObject(view.object, file)] }
        let soql = view.soql
        do {
            let statement = try SOQLParser.parse(soql)
            _ = try Resolver.resolve(statement, in: schema, visible: FullVisibility())
            return []
        } catch let error as SyntaxError {
            return [problem(file, error.message(in: soql))]
        } catch let error as ResolveError {
            return [problem(file, error.span?.located(error.detail, in: soql) ?? error.detail)]
        } catch {
            return [problem(file, "\(error)")]
        }
    }

    private func check(_ layout: LayoutDefinition) -> [PackageProblem] {
        let file = "layout \(layout.object) \(layout.name)"
        guard let object = schema.object(layout.object) else {
            return [noObject(layout.object, file)]
        }
        var problems: [PackageProblem] = []
        for name in layout.sections.flatMap(\.fields) where object.field(name) == nil {
            let hint = Suggestion.phrase(for: name.text, among: object.fields.map(\.name.text))
            problems.append(problem(file, "`\(name)` is no field of \(object.name)\(hint)"))
        }
        for list in layout.relatedLists
        where schema.childRelationship(list.relationship, of: object.name) == nil {
            let names = schema.childRelationships(of: object.name).compactMap(\.name?.text)
            let hint = Suggestion.phrase(for: list.relationship.text, among: names)
            problems.append(
                problem(file, "`\(list.relationship)` is no child relationship\(hint)")
            )
        }
        return problems
    }

    private func check(_ app: AppDefinition) -> [PackageProblem] {
        app.tabs.filter { schema.object($0) == nil }.map {
            noObject($0, "app \(app.developerName)")
        }
    }
}

extension ListViewDefinition {
    /// The list as a query; its scope is said by `USING SCOPE`, but for a queue's.
    package var soql: String {
        var text = "SELECT \(columns.joined(separator: ", ")) FROM \(object)"
        if filterScope == "Mine" { text += " USING SCOPE mine" }
        var conditions = filter.map { ["(\($0))"] } ?? []
        if filterScope == "Queue", let queue {
            conditions.append(
                "OwnerId IN (SELECT Id FROM Group WHERE DeveloperName = '\(queue)')"
            )
        }
        if !conditions.isEmpty { text += " WHERE \(conditions.joined(separator: " AND "))" }
        if let orderBy { text += " ORDER BY \(orderBy)" }
        return text
    }
}
