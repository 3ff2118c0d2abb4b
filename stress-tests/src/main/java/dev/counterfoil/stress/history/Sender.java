package dev.counterfoil.stress.history;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.BatchException;
import dev.counterfoil.CellId;
import dev.counterfoil.DecideView;
import dev.counterfoil.Decision;
import dev.counterfoil.Fate;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Proposal;
import dev.counterfoil.Receipt;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Calls a ledger, and writes down each call and each answer. Safe for use by many threads. */
final class Sender {
    private static final int MOST_RECEIPTS = 5_000;

    private final Ledger ledger;
    private final Recorder recorder;

    /** Of transfers that this one was told of, so that they can be reversed. */
    private final Map<String, Receipt> receipts = new ConcurrentHashMap<>();

    Sender(Ledger ledger, Recorder recorder) {
        this.ledger = ledger;
        this.recorder = recorder;
    }

    /**
     * An update that is to be sent.
     *
     * @param key its key
     * @param content what it is to do ({@link Steps})
     */
    record Wish(String key, String content) {}

    /** Sends an update. */
    Answer send(Wish wish) {
        Supplier<Outcome> call;
        if (Steps.isSweep(wish.content())) {
            call = () -> decide(wish);
        } else {
            Update update = Steps.update(wish.key(), wish.content(), this::receipt);
            call = () -> kept(wish, ledger.apply(update));
        }
        return recorded(Call.Kind.UPDATE, wish.key(), wish.content(), () -> of(call.get()));
    }

    private Outcome kept(Wish wish, Outcome outcome) {
        boolean moves = wish.content().startsWith("transfer");
        if (moves && outcome instanceof Applied applied && receipts.size() < MOST_RECEIPTS) {
            receipts.put(wish.key(), applied.receipt());
        }
        return outcome;
    }

    /** Sends a list of updates with one call. */
    List<Answer> sendEach(List<Wish> wishes) {
        List<Update> updates = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (Wish wish : wishes) {
            updates.add(Steps.update(wish.key(), wish.content(), this::receipt));
        }
        for (Wish wish : wishes) {
            ids.add(recorder.ask(Call.Kind.UPDATE, wish.key(), wish.content()));
        }
        List<Answer> answers = answers(updates);
        for (int i = 0; i < ids.size(); i++) {
            recorder.got(ids.get(i), answers.get(i));
        }
        return answers;
    }

    private List<Answer> answers(List<Update> updates) {
        try {
            return ledger.applyEach(updates).stream().map(Sender::of).toList();
        } catch (BatchException e) {
            return e.results().stream()
                    .map(result -> result.outcome()
                            .map(Sender::of)
                            .orElseGet(() -> of(result.fault().orElseThrow())))
                    .toList();
        } catch (RuntimeException e) {
            return updates.stream()
                    .map(update -> Answer.other(Answer.Type.BROKEN, e.toString()))
                    .toList();
        }
    }

    /** Looks at a key. */
    Answer find(String key) {
        return recorded(
                Call.Kind.FIND,
                key,
                "",
                () -> ledger.find(key)
                        .map(found -> Answer.decided(Answer.Type.FOUND, Decided.of(found)))
                        .orElse(Answer.other(Answer.Type.FOUND_NOTHING, "")));
    }

    /** False where an update reverses one that is not there; else what it needs for that is known from now on. */
    boolean canSend(Wish wish) {
        String reversed = Steps.argument(wish.content(), "reverse");
        if (reversed != null && !receipts.containsKey(reversed)) {
            ledger.find(reversed).ifPresent(found -> {
                // Where a transfer was lost its key may be another update's since, which moved nothing.
                if (found instanceof Applied applied && moved(applied.receipt())) {
                    receipts.put(reversed, applied.receipt());
                }
            });
        }
        return reversed == null || receipts.containsKey(reversed);
    }

    private static boolean moved(Receipt receipt) {
        return receipt.entries().stream()
                .anyMatch(entry -> entry instanceof ReceiptEntry.OfBalance balance
                        && balance.delta().signum() != 0);
    }

    /** True where the update of this key can be reversed without asking. */
    boolean canReverse(String key) {
        return receipts.containsKey(key);
    }

    private Receipt receipt(String key) {
        return Objects.requireNonNull(receipts.get(key), key);
    }

    /** Reads accounts. */
    Answer read(List<AccountId> accounts) {
        return recorded(
                Call.Kind.READ,
                "",
                accounts.toString(),
                () -> Answer.read(ledger.read(accounts.toArray(AccountId[]::new)).cells().stream()
                        .map(Seen::of)
                        .toList()));
    }

    private Answer recorded(Call.Kind kind, String key, String content, Supplier<Answer> call) {
        String id = recorder.ask(kind, key, content);
        Answer answer;
        try {
            answer = call.get();
        } catch (LedgerException e) {
            answer = of(e);
        } catch (RuntimeException e) {
            answer = Answer.other(Answer.Type.BROKEN, e.toString());
        }
        recorder.got(id, answer);
        return answer;
    }

    private static Answer of(LedgerException fault) {
        Answer.Type type = fault.fate() == Fate.NOT_APPLIED ? Answer.Type.NOT_APPLIED : Answer.Type.UNKNOWN;
        return Answer.other(type, fault.toString());
    }

    private static Answer of(Outcome outcome) {
        if (outcome instanceof KeyReused reused) {
            return Answer.decided(Answer.Type.KEY_REUSED, Decided.of(reused.stored()));
        }
        Decision decision = (Decision) outcome;
        return Answer.decided(decision.replayed() ? Answer.Type.REPLAYED : Answer.Type.DECIDED, Decided.of(decision));
    }

    /**
     * The decision {@code sweep a b}: half of the money of {@code a} goes to {@code b}, if the register of {@code a} lets it. The
     * receipt's metadata says what the function saw.
     */
    private Outcome decide(Wish wish) {
        String[] words = wish.content().split(" ", -1);
        AccountId from = World.account(words[1]);
        AccountId to = World.account(words[2]);
        List<CellId> reads = List.of(World.money(from), World.money(to), World.status(from));
        return ledger.decide(Key.of(wish.key()), wish.content(), reads, now -> sweep(now, from, to));
    }

    private static Proposal sweep(DecideView now, AccountId from, AccountId to) {
        BalanceId money = World.money(from);
        RegisterId status = World.status(from);
        BigDecimal half = now.balance(money).divide(BigDecimal.valueOf(2), 2, RoundingMode.DOWN);
        if (half.signum() == 0) {
            return now.decline("NOTHING", "nothing to sweep");
        }
        Stream<Seen> saw = Stream.of(
                Seen.of(now.find(money).orElseThrow()),
                Seen.of(now.find(World.money(to)).orElseThrow()),
                Seen.of(now.find(status).orElseThrow()));
        return now.update()
                .transfer(money, World.money(to), half)
                .metadata(Seen.text(saw.toList()))
                .build();
    }
}
