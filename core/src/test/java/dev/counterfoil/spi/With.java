package dev.counterfoil.spi;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** Copies of records that differ in one component. */
final class With {
    private With() {}

    /** The record with another value of a component. */
    static <R extends Record> R changed(R from, String component, @Nullable Object value) {
        try {
            RecordComponent[] components = from.getClass().getRecordComponents();
            Class<?>[] types = new Class<?>[components.length];
            Object[] values = new Object[components.length];
            boolean found = false;
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                boolean is = components[i].getName().equals(component);
                values[i] = is ? value : components[i].getAccessor().invoke(from);
                found |= is;
            }
            if (!found) {
                throw new AssertionError("no component " + component);
            }
            @SuppressWarnings("unchecked") // the class of a value of it
            Constructor<R> constructor = (Constructor<R>) from.getClass().getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a record without its constructor", e);
        }
    }
}
