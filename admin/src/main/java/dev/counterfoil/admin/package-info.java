/** The command with which an operator looks at a ledger, verifies and corrects it. */
@org.jspecify.annotations.NullMarked
package dev.counterfoil.admin;
