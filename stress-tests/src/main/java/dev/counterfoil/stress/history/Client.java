package dev.counterfoil.stress.history;

import dev.counterfoil.stress.history.Sender.Wish;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * One caller, who sends what a seed says, one call after the other: updates of all kinds, repeats of them, keys that other
 * callers send too, reads and looks. Most of it makes sense by what it has seen, and a good part of it is refused.
 */
final class Client {
    private static final int MEMORY = 200;

    private final Sender sender;
    private final World world;
    private final String name;
    private final long commonSeed;
    private final SplittableRandom random;
    private final Map<String, Seen> seen = new HashMap<>();
    private final List<Wish> sent = new ArrayList<>();
    private final List<String> reversible = new ArrayList<>();
    private int calls;

    /**
     * A caller.
     *
     * @param sender sends its calls
     * @param world the accounts
     * @param name begins its keys; unique in a history
     * @param seed makes the keys that all callers share; what this one does follows from it and the name
     */
    Client(Sender sender, World world, String name, long seed) {
        this.sender = sender;
        this.world = world;
        this.name = name;
        commonSeed = seed;
        random = new SplittableRandom(seed + 31L * name.hashCode());
    }

    /** Makes calls for as long as it is asked to. */
    void run(BooleanSupplier goOn) {
        while (goOn.getAsBoolean()) {
            calls++;
            int choice = random.nextInt(100);
            if (choice < 8) {
                learn(sender.read(List.of(World.account(anyone(random)))));
            } else if (choice < 12) {
                learn(sender.read(world.all()));
            } else if (choice < 14 && !sent.isEmpty()) {
                sender.find(oneOf(sent).key());
            } else if (choice < 19) {
                each();
            } else if (choice < 25 && !sent.isEmpty()) {
                again();
            } else {
                send(choice < 31 ? common() : wish());
            }
        }
    }

    private void each() {
        List<Wish> wishes = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            Wish wish = wish();
            if (!Steps.isSweep(wish.content())) {
                wishes.add(wish);
            }
        }
        List<Answer> answers = wishes.isEmpty() ? List.of() : sender.sendEach(wishes);
        for (int i = 0; i < answers.size(); i++) {
            learn(wishes.get(i), answers.get(i));
        }
    }

    private void send(Wish wish) {
        Answer answer = sender.send(wish);
        learn(wish, answer);
        boolean fault = answer.type() == Answer.Type.UNKNOWN || answer.type() == Answer.Type.NOT_APPLIED;
        if (fault && random.nextBoolean()) {
            learn(wish, sender.send(wish));
        }
    }

    private void again() {
        Wish old = oneOf(sent);
        boolean other = random.nextInt(10) < 3;
        sender.send(other ? new Wish(old.key(), "append load/0:log other-content") : old);
    }

    /** What all callers send at about the same time, each on its own. */
    private Wish common() {
        int number = calls / 16 + random.nextInt(3);
        SplittableRandom same = new SplittableRandom(commonSeed ^ (number * 0x9E3779B97F4A7C15L));
        String key = "common-" + number;
        return new Wish(key, transfer(same) + "; append " + cell(same, "log") + " " + key);
    }

    private Wish wish() {
        String key = name + "-" + calls + "-" + random.nextInt(1_000_000);
        return new Wish(key, content(key));
    }

    private String content(String key) {
        int choice = random.nextInt(100);
        if (choice < 36) {
            return transfer(random);
        } else if (choice < 50) {
            return (random.nextBoolean() ? "add " : "take ") + cell(random, "points") + " " + random.nextInt(1, 16);
        } else if (choice < 60) {
            return set(key);
        } else if (choice < 68) {
            return "append " + cell(random, "log") + " " + key;
        } else if (choice < 76) {
            return transfer(random) + "; append " + cell(random, "log") + " " + key + "; " + set(key);
        } else if (choice < 84) {
            return expect() + "; add " + cell(random, "points") + " 1";
        } else if (choice < 90) {
            return "reference ref/" + random.nextInt(20 + calls / 8) + "; " + transfer(random);
        } else if (choice < 94 && !reversible.isEmpty()) {
            return "reverse " + oneOf(reversible);
        }
        int from = anyone(random);
        return "sweep load/" + from + " load/" + someoneElse(random, from);
    }

    private String transfer(SplittableRandom from) {
        int giver = anyone(from);
        BigDecimal amount = BigDecimal.valueOf(from.nextInt(1, 9_000), 2);
        return "transfer load/" + giver + ":money load/" + someoneElse(from, giver) + ":money "
                + amount.toPlainString();
    }

    private String set(String key) {
        String cell = cell(random, "status");
        Seen last = seen.get(cell);
        return "set " + cell + " " + (last == null ? World.NEW : last.value()) + " " + key;
    }

    private String expect() {
        String cell = cell(random, random.nextBoolean() ? "status" : World.MONEY);
        Seen last = seen.get(cell);
        return "expect " + cell + " " + (last == null ? 1 : last.version());
    }

    private String cell(SplittableRandom from, String cell) {
        return "load/" + anyone(from) + ":" + cell;
    }

    private int anyone(SplittableRandom from) {
        return from.nextInt(world.accounts());
    }

    private int someoneElse(SplittableRandom from, int one) {
        return (one + 1 + from.nextInt(world.accounts() - 1)) % world.accounts();
    }

    private <T> T oneOf(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private void learn(Wish wish, Answer answer) {
        remember(sent, wish);
        learn(answer);
        if (sender.canReverse(wish.key())) {
            remember(reversible, wish.key());
        }
    }

    private <T> void remember(List<T> list, T item) {
        if (list.size() < MEMORY) {
            list.add(item);
        } else {
            list.set(random.nextInt(MEMORY), item);
        }
    }

    private void learn(Answer answer) {
        answer.read().forEach(cell -> seen.put(cell.cell(), cell));
        Decided decision = answer.decision();
        if (decision != null) {
            decision.entries()
                    .forEach(entry -> seen.put(entry.cell(), new Seen(entry.cell(), entry.sequence(), entry.after())));
        }
    }
}
