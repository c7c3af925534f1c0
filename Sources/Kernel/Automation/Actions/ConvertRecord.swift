import Metadata

/// `convertRecord`: a record becomes others, as a declared conversion says.
struct ConvertRecord: InvocableAction {
    let name = "convertRecord"
    let label = "Convert Record"
    let summary = "Makes other records of a record, as a lead becomes an account and a contact."
    let needs: [APIName] = []
    let inputs = [
        ActionParameter("conversion", .text, required: true, "The conversion's developer name."),
        ActionParameter("recordId", .id, required: true, "The record to convert."),
        ActionParameter(
            "useRecordIds",
            .collection(.id),
            "Records that are there already, to be used instead of new ones."
        ),
        ActionParameter("skipTargets", .text, "Targets to leave out, separated by commas."),
        ActionParameter("ownerId", .id, "Who gets the new records; the caller if missing."),
    ]
    let outputs = [
        ActionParameter("recordIds", .collection(.id), "What it became, in the targets' order."),
        ActionParameter("createdIds", .collection(.id), "Those of them that are new."),
    ]

    func run(_ calls: [ActionCall], by writer: RecordWriter) throws -> [ActionOutcome] {
        var outcomes: [ActionOutcome?] = Array(repeating: nil, count: calls.count)
        var groups: [APIName: [Int]] = [:]
        for (place, call) in calls.enumerated() {
            groups[APIName(call.text("conversion") ?? ""), default: []].append(place)
        }
        for (name, places) in groups.sorted(by: { $0.key < $1.key }) {
            let declared = writer.schema.automation.conversions
            guard let conversion = declared.first(where: { $0.name == name }),
                let object = writer.schema.object(conversion.object)
            else {
                let hint = Suggestion.phrase(for: name.text, among: declared.map(\.name.text))
                let error = RecordError(
                    .notFound,
                    "there is no conversion `\(name.text.prefix(80))`\(hint)"
                )
                for place in places { outcomes[place] = .failure(error) }
                continue
            }
            let run = ConversionRun(conversion: conversion, object: object, writer: writer)
            let results = try run.convert(places.map { calls[$0] })
            for (place, result) in zip(places, results) { outcomes[place] = result }
        }
        return outcomes.map {
            $0 ?? .failure(RecordError(.unknownException, "the conversion did not answer"))
        }
    }
}
