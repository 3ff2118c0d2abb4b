package dev.counterfoil.stress.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Callers go on while nodes of a Galera cluster are killed and join again, and while the majority is lost for a while. A
 * majority of the nodes keeps its disks all the time.
 */
final class GaleraFaults extends FaultCase {
    private final boolean allWrite;

    GaleraFaults(String name, boolean allWrite) {
        super(name, 3, 3);
        this.allWrite = allWrite;
    }

    @Override
    Databases databases() throws IOException, InterruptedException {
        return new GaleraCluster(allWrite);
    }

    @Override
    void fault(Databases databases, Round round, SplittableRandom random) throws IOException, InterruptedException {
        GaleraCluster cluster = (GaleraCluster) databases;
        Thread.sleep(random.nextInt(500, 3_000));
        List<GaleraNode> nodes = new ArrayList<>(cluster.nodes());
        switch (random.nextInt(3)) {
            // The one that most go to.
            case 0 -> killed(nodes.get(0), random);
            case 1 -> killed(nodes.get(random.nextInt(nodes.size())), random);
            default -> {
                Collections.shuffle(nodes, new Random(random.nextLong()));
                stopped(nodes.subList(0, 2), random);
            }
        }
        cluster.heal();
    }

    private static void killed(GaleraNode node, SplittableRandom random) throws IOException, InterruptedException {
        node.kill();
        Thread.sleep(random.nextInt(6_000));
    }

    /** Two of three at once: nobody has a majority, and what is committed then nobody knows. */
    private static void stopped(List<GaleraNode> two, SplittableRandom random)
            throws IOException, InterruptedException {
        for (GaleraNode node : two) {
            node.pause();
        }
        try {
            Thread.sleep(random.nextInt(3_000, 9_000));
        } finally {
            for (GaleraNode node : two) {
                node.goOn();
            }
        }
    }
}
