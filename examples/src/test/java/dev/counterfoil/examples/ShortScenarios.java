package dev.counterfoil.examples;

/** The main job with a smaller load. */
final class ShortScenarios {
    private ShortScenarios() {}

    public static void main(String[] args) {
        System.exit(Scenarios.run(400));
    }
}
