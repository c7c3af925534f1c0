import Metadata

// Sub-flows, actions, waits and refusals.
extension FlowRun {
    func callFlow(
        _ step: FlowPlan.Step,
        _ name: APIName,
        _ inputs: [FlowPlan.Named],
        _ outputs: [FlowPlan.Output],
        _ active: [Int]
    ) throws {
        let called = try catalog.plan(name)
        var callers: [Int] = []
        var children: [FlowInterview] = []
        for index in active {
            try each(index, step) {
                var child = FlowInterview(
                    called,
                    record: nil,
                    prior: nil,
                    isNew: false,
                    at: writer.now
                )
                child.trace = FlowTrace(
                    flow: called.name,
                    label: called.definition.label,
                    record: interviews[index].record?.id,
                    startedAt: writer.now
                )
                children.append(child)
                callers.append(index)
            }
        }
        let run = FlowRun(called, children, .alone, by: writer.flowWork.origin ?? writer, catalog)
        run.begin()
        for (place, index) in callers.enumerated() {
            try each(index, step) {
                for input in inputs {
                    guard let slot = called.slotsByName[input.name.lowercased()] else { continue }
                    run.interviews[place].slots[slot] = try converted(
                        try value(input.value, index),
                        to: called.slots[slot].type,
                        input.name
                    )
                }
            }
        }
        run.run(called.steps)
        parents.forget()
        for (place, index) in callers.enumerated() where interviews[index].isRunning {
            let child = run.interviews[place]
            interviews[index].elements += child.elements
            if let failure = child.failure {
                let place = failure.step.map { " at `\($0.name)`" } ?? ""
                let error = RecordError(
                    failure.error.code,
                    "sub-flow \(called.name)\(place): \(failure.error.message)",
                    fields: failure.error.fields
                )
                fail(index, step, error)
                continue
            }
            note(index, step, "runs \(called.name)")
            for entry in child.trace.entries {
                interviews[index].trace.entries.append(
                    FlowTrace.Entry(
                        element: entry.element,
                        kind: entry.kind,
                        what: entry.what,
                        depth: entry.depth + step.position.count / 2 + 1
                    )
                )
            }
            try each(index, step) { try take(child, called, step, outputs, index) }
        }
    }

    private func take(
        _ child: FlowInterview,
        _ called: FlowPlan,
        _ step: FlowPlan.Step,
        _ outputs: [FlowPlan.Output],
        _ index: Int
    ) throws {
        for variable in called.definition.variables where variable.isOutput {
            guard let from = called.slotsByName[variable.name.text.lowercased()],
                let to = plan.slotsByName["\(step.name).\(variable.name)".lowercased()]
            else { continue }
            interviews[index].slots[to] = child.slots[from]
        }
        for output in outputs {
            guard let from = called.slotsByName[output.name.lowercased()] else { continue }
            try set(output.target, child.slots[from], index)
        }
    }

    func callAction(
        _ step: FlowPlan.Step,
        _ name: String,
        _ inputs: [FlowPlan.Named],
        _ outputs: [FlowPlan.Output],
        _ active: [Int]
    ) throws {
        guard let action = catalog.actions.action(name) else {
            throw RecordError(.notFound, "there is no action `\(name)`")
        }
        var callers: [Int] = []
        var calls: [ActionCall] = []
        for index in active {
            try each(index, step) {
                var values: [String: FlowValue] = [:]
                for input in inputs {
                    let given = try value(input.value, index)
                    let type = action.inputs.first { $0.isCalled(input.name) }?.type
                    values[input.name] =
                        try type.map { try converted(given, to: $0, input.name) }
                        ?? given
                }
                calls.append(ActionCall(record: interviews[index].record?.id, inputs: values))
                callers.append(index)
            }
        }
        guard !calls.isEmpty else { return }
        try work.noteSave(rows: calls.count)
        let outcomes = try action.run(calls, by: writer)
        parents.forget()
        for (index, outcome) in zip(callers, outcomes) {
            switch outcome {
            case .failure(let error): fail(index, step, error)
            case .success(let values):
                note(index, step, "runs \(name)")
                try each(index, step) { try take(values, step, outputs, index) }
            }
        }
        guard outcomes.count == callers.count else {
            throw RecordError(.unknownException, "the action `\(name)` did not answer every call")
        }
    }

    private func take(
        _ values: [String: FlowValue],
        _ step: FlowPlan.Step,
        _ outputs: [FlowPlan.Output],
        _ index: Int
    ) throws {
        for (name, value) in values {
            if let slot = plan.slotsByName["\(step.name).\(name)".lowercased()] {
                interviews[index].slots[slot] = try converted(
                    value,
                    to: plan.slots[slot].type,
                    name
                )
            }
        }
        for output in outputs {
            if let value = values.first(where: { $0.key.lowercased() == output.name.lowercased() })
            {
                try set(output.target, value.value, index)
            }
        }
    }

    // MARK: - Waits and refusals

    func wait(_ step: FlowPlan.Step, _ wait: FlowPlan.Wait, _ index: Int) throws {
        let due: Instant
        switch wait {
        case .duration(let count, let unit):
            due = try FlowMoments.adding(count, unit, to: writer.now, in: writer.caller.timeZone)
        case .until(let expression):
            let given = try converted(
                try value(expression, index),
                to: .dateTime,
                step.name.text
            ).value
            guard case .dateTime(let moment) = given else {
                throw RecordError(
                    .missingArgument,
                    "there is no moment to wait for: ask by a decision whether it is null"
                )
            }
            due = moment
        }
        guard due > writer.now else {
            note(index, step, "does not wait: the moment is over")
            return
        }
        interviews[index].waitsUntil = due
        interviews[index].isOver = true
        try FlowSuspension.keep(interviews[index], at: step.position, until: due, by: self)
        note(index, step, "waits until \(FlowConversion.text(.dateTime(due)) ?? "later")")
    }

    func refuse(
        _ step: FlowPlan.Step,
        _ messages: [FlowPlan.ErrorMessage],
        _ index: Int
    ) throws {
        let errors = try messages.map { message in
            let text = FlowConversion.text(try value(message.text, index).value)
            return RecordError(
                .fieldCustomValidationException,
                text ?? "the flow \(plan.definition.label) refuses this",
                fields: message.field.map { [$0] } ?? []
            )
        }
        note(index, step, "refuses the save")
        interviews[index].refusals = errors
    }
}

/// Moments so long before or after others.
enum FlowMoments {
    static func adding(
        _ count: Int,
        _ unit: FlowScheduledPath.Unit,
        to moment: Instant,
        in zone: String
    ) throws -> Instant {
        let (seconds, overflows): (Int64, Bool) =
            switch unit {
            case .minutes: Int64(count).multipliedReportingOverflow(by: 60)
            case .hours: Int64(count).multipliedReportingOverflow(by: 3_600)
            case .days: Int64(count).multipliedReportingOverflow(by: 86_400)
            case .months: (0, false)
            }
        if case .months = unit {
            let day = FlowConversion.day(of: moment, in: zone)
            guard let start = FlowConversion.midnight(day, in: zone),
                let date = CivilDate(
                    daysSinceEpoch: day
                )
            else { throw outside }
            let months = date.year * 12 + (date.month - 1) + count
            let year = Int((Double(months) / 12).rounded(.down))
            let month = months - year * 12 + 1
            let last = CivilDate.daysInMonth(month, of: year)
            guard let target = CivilDate(year: year, month: month, day: min(date.day, last)),
                let begin = FlowConversion.midnight(target.daysSinceEpoch, in: zone)
            else { throw outside }
            return Instant(
                milliseconds: begin.milliseconds + (moment.milliseconds - start.milliseconds)
            )
        }
        let (milliseconds, more) = seconds.multipliedReportingOverflow(by: 1_000)
        let (sum, most) = moment.milliseconds.addingReportingOverflow(milliseconds)
        guard !overflows, !more, !most else { throw outside }
        return Instant(milliseconds: sum)
    }

    private static let outside = RecordError(
        .numberOutsideValidRange,
        "the moment is outside of the calendar"
    )
}
