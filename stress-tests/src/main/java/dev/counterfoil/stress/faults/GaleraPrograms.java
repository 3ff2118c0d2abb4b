package dev.counterfoil.stress.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The programs of a Galera cluster, which come from the system's packages and not from Maven. */
final class GaleraPrograms {
    static final Path SERVER = Path.of("/usr/sbin/mariadbd");

    private static final List<Path> PROVIDERS =
            List.of(Path.of("/usr/lib/galera/libgalera_smm.so"), Path.of("/usr/lib64/galera-4/libgalera_smm.so"));

    private GaleraPrograms() {}

    /** What keeps a cluster from running here, in one line with what to do; empty where nothing does. */
    static String missing() {
        List<String> missing = new ArrayList<>();
        if (!Files.isExecutable(SERVER)) {
            missing.add("mariadb-server");
        }
        if (PROVIDERS.stream().noneMatch(Files::exists)) {
            missing.add("galera-4");
        }
        if (!Files.isExecutable(Path.of("/usr/bin/rsync"))) {
            missing.add("rsync");
        }
        if (!missing.isEmpty()) {
            return "Galera: SKIPPED, its programs are not here: apt-get install " + String.join(" ", missing);
        }
        return System.getProperty("user.name").equals("root")
                ? ""
                : "Galera: SKIPPED, only root can start its servers as the user mysql";
    }

    static Path provider() {
        return PROVIDERS.stream().filter(Files::exists).findFirst().orElseThrow();
    }
}
