package dev.counterfoil.testkit;

import dev.counterfoil.Key;
import dev.counterfoil.Operation;
import dev.counterfoil.Update;
import java.util.List;

/** An update built again from parts of another, for ledgers that send something else than they were given. */
final class Rebuilt {
    private Rebuilt() {}

    static Update.Builder of(Key key, Update update) {
        Update.Builder builder = of(key, update.operations());
        if (update.force() != null) {
            builder.force(update.force());
        }
        if (update.reference() != null) {
            builder.reference(update.reference());
        }
        return builder;
    }

    static Update.Builder of(Key key, List<Operation> operations) {
        Update.Builder builder = Update.of(key);
        operations.forEach(operation -> add(builder, operation));
        return builder;
    }

    private static void add(Update.Builder builder, Operation operation) {
        if (operation instanceof Operation.OpenBalance o) {
            if (o.ifAbsent()) {
                builder.openIfAbsent(o.cell(), o.first(), o.limits());
            } else {
                builder.open(o.cell(), o.first(), o.limits());
            }
        } else if (operation instanceof Operation.OpenRegister o) {
            if (o.ifAbsent()) {
                builder.openIfAbsent(o.cell(), o.value());
            } else {
                builder.open(o.cell(), o.value());
            }
        } else if (operation instanceof Operation.OpenJournal o) {
            if (o.ifAbsent()) {
                builder.openIfAbsent(o.cell());
            } else {
                builder.open(o.cell());
            }
        } else if (operation instanceof Operation.Increment o) {
            builder.increment(o.cell(), o.amount());
        } else if (operation instanceof Operation.CompareAndSet o) {
            builder.compareAndSet(o.cell(), o.expected(), o.next());
        } else if (operation instanceof Operation.Append o) {
            builder.append(o.cell(), o.payload());
        } else if (operation instanceof Operation.SetLimits o) {
            builder.setLimits(o.cell(), o.limits());
        } else if (operation instanceof Operation.Close o) {
            builder.close(o.cell());
        } else if (operation instanceof Operation.Reopen o) {
            builder.reopen(o.cell());
        } else if (operation instanceof Operation.RequireAtLeast o) {
            builder.requireAtLeast(o.cell(), o.amount());
        } else if (operation instanceof Operation.RequireAtMost o) {
            builder.requireAtMost(o.cell(), o.amount());
        } else if (operation instanceof Operation.RequireValue o) {
            builder.requireValue(o.cell(), o.value());
        } else if (operation instanceof Operation.RequireVersion o) {
            builder.requireVersion(o.cell(), o.version());
        } else if (operation instanceof Operation.RequireOpen o) {
            builder.requireOpen(o.cell());
        }
    }
}
