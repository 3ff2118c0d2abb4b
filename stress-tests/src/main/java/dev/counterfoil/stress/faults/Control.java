package dev.counterfoil.stress.faults;

import java.util.List;

/** A case on a database that does not keep what it acknowledged: it passes where the loss is found. */
final class Control implements StressCase {
    private final StressCase lossy;

    Control(StressCase lossy) {
        this.lossy = lossy;
    }

    @Override
    public String name() {
        return lossy.name();
    }

    @Override
    public List<Result> run(Size size, long seed) throws Exception {
        return lossy.run(size, seed).stream().map(Result::asControl).toList();
    }
}
