// swift-tools-version: 6.1
import Foundation
import PackageDescription

/// The settings of every target.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let lifecycle = Target.Dependency.product(
    name: "ServiceLifecycle",
    package: "swift-service-lifecycle"
)
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(
    name: "UnixSignals",
    package: "swift-service-lifecycle"
)
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// A target, named with all it may import.
func part(_ name: String, on dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: house)
}

/// The tests of a part.
func tests(_ name: String, on dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies + ["TestSupport"],
        swiftSettings: house
    )
}

/// What the benchmarks need: they are part of the package only when `BENCHMARKS` is set.
let benchmarks: [Target] =
    Context.environment["BENCHMARKS"] == nil
    ? []
    : [
        .executableTarget(
            name: "Microbenchmarks",
            dependencies: [
                "Metadata", "Language", "UseMeter", "Kernel", "Store", "StoreSQLite", "Gateway",
                "RESTAPI", "TestSupport",
            ],
            path: "Benchmarks/Micro",
            swiftSettings: house
        )
    ]

let package = Package(
    name: "steward",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "steward", targets: ["Steward"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(
            url: "https://github.com/apple/swift-configuration",
            from: "1.4.0",
            traits: ["JSON", "YAML"]
        ),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        part("Metadata", on: [yams]),
        part("Language", on: ["Metadata"]),
        part("UseMeter", on: []),
        part("Kernel", on: ["Metadata", "Language", "UseMeter", crypto, cryptoExtras]),
        part("Store", on: ["Metadata", "Language", "Kernel"]),
        part("StoreSQLite", on: ["Metadata", "Language", "Kernel", "Store", "CSQLite"]),
        part(
            "Gateway",
            on: [
                "Metadata", "Kernel", "CZlib", hummingbirdCore, hummingbirdTLS, httpTypes,
                lifecycle,
                logging, nio, nioPosix, nioSSL, unixSignals,
            ]
        ),
        part(
            "Accountability",
            on: ["Metadata", "Language", "UseMeter", "Kernel", crypto, cryptoExtras, yams]
        ),
        part(
            "RESTAPI",
            on: [
                "Metadata", "Language", "UseMeter", "Kernel", "Accountability", "Gateway", crypto,
            ]
        ),
        .executableTarget(
            name: "Steward",
            dependencies: [
                "Metadata", "Language", "UseMeter", "Kernel", "Accountability", "Store",
                "StoreSQLite", "Gateway", "RESTAPI", arguments, asn1, configuration, crypto,
                lifecycle, logging, nio, nioHTTP,
                nioPosix,
                nioSSL, systemPackage, x509,
            ],
            swiftSettings: house
        ),
        .systemLibrary(name: "CSQLite"),
        .systemLibrary(name: "CZlib"),
        part(
            "TestSupport",
            on: ["Metadata", "Language", "Kernel", "Accountability", "Store", "StoreSQLite"]
        ),
        tests("MetadataTests", on: ["Metadata"]),
        tests("LanguageTests", on: ["Metadata", "Language"]),
        tests("KernelTests", on: ["Metadata", "Language", "UseMeter", "Kernel", crypto]),
        tests(
            "AccountabilityTests",
            on: [
                "Metadata", "Language", "UseMeter", "Kernel", "Accountability", "StoreSQLite",
                crypto, cryptoExtras,
            ]
        ),
        tests("StoreTests", on: ["Metadata", "Language", "Kernel", "Store", "StoreSQLite"]),
        tests(
            "APITests",
            on: [
                "Metadata", "Language", "UseMeter", "Kernel", "Accountability", "Gateway",
                "RESTAPI", "StoreSQLite",
            ]
        ),
        tests(
            "StewardTests",
            on: ["Metadata", "Kernel", "Accountability", "StoreSQLite", "Steward"]
        ),
    ] + benchmarks
)
