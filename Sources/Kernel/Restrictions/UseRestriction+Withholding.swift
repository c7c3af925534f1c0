import Metadata

/// What is asked of a use before it can be said whether a restriction withholds it.
struct UseContext {
    let products: ProductMap
    let bindings: UseBindings
    let doer: UseDoer
}

extension UseRestriction {
    /// Whether a use is withheld, time aside; rates are asked for themselves.
    func withholds(_ use: RestrictedUse, _ context: UseContext) -> Bool {
        switch measure {
        case .notice, .rate: false
        case .purpose(let declaration, let product):
            withholds(use, of: declaration, product, context)
        case .product(let product): use.isPart(of: product, context.products)
        case .object(let name, let operations):
            if case .records(let operation, name) = use {
                operations.contains(operation)
            } else {
                false
            }
        case .field(let object, let field): use == .field(object: object, field: field)
        case .automation(let name): use == .flow(name)
        case .channel(let channel): if case .channel(channel, _) = use { true } else { false }
        case .integration(let client): use == .client(client)
        case .visibility: use == .guest
        case .growth: use == .newApp || use == .records(.create, "User")
        case .readOnly: use.isWrite
        // What chooses by fields still exports; what writes them is refused as a write.
        case .exportOnly, .end: use.isBeyondExport
        }
    }

    /// What is bound to other uses alone goes on; what is bound to none counts as serving every use of
    /// its product, so that taking a binding away is no way out.
    private func withholds(
        _ use: RestrictedUse,
        of declaration: String,
        _ withheld: String,
        _ context: UseContext
    ) -> Bool {
        func serves(_ kind: UseBindings.Kind, _ name: String, _ product: String?) -> Bool {
            switch context.bindings.standing(of: kind, name, to: declaration) {
            case .bound: true
            case .boundElsewhere: false
            case .unbound: product == withheld
            }
        }
        switch use {
        case .client(let client): return serves(.client, client, nil)
        case .flow(let flow):
            return serves(.flow, flow.text, context.products.product(ofFlow: flow))
        case .channel(_, let sending):
            if let template = sending.template {
                let product = context.products.product(ofEmailTemplate: template)
                return serves(.mailStream, template.text, product)
            }
            guard let flow = sending.flow else { return false }
            return serves(.flow, flow.text, context.products.product(ofFlow: flow))
        case .records(let operation, let object):
            // Else a target could be bound to another use while this one is withheld. The org can still
            // declare its uses, better or anew.
            if object == UseBindings.object { return operation != .read }
            if object == UseBindings.declaration { return operation == .delete }
            let product = context.products.product(ofObject: object)
            if let flow = context.doer.flow { return serves(.flow, flow.text, product) }
            return serves(.client, context.doer.client ?? "", product)
        case .field, .guest, .newApp, .metadata: return false
        }
    }
}

extension UseBindings {
    static let object: APIName = "UseBinding"
    /// What a binding is to, and goes with.
    static let declaration: APIName = "UseDeclaration"
}

extension RestrictedUse {
    fileprivate var isWrite: Bool {
        switch self {
        case .records(let operation, _): operation != .read
        case .newApp, .metadata, .flow: true
        case .field, .channel, .client, .guest: false
        }
    }

    fileprivate var isBeyondExport: Bool {
        switch self {
        case .client, .field: false
        case .records, .flow, .channel, .guest, .newApp, .metadata: true
        }
    }

    fileprivate func isPart(of product: String, _ products: ProductMap) -> Bool {
        switch self {
        case .records(_, let object), .field(let object, _):
            products.product(ofObject: object) == product
        case .flow(let flow): products.product(ofFlow: flow) == product
        case .channel(_, let sending):
            sending.template.flatMap(products.product(ofEmailTemplate:)) == product
                || sending.flow.flatMap(products.product(ofFlow:)) == product
        case .client, .guest, .newApp, .metadata: false
        }
    }
}
