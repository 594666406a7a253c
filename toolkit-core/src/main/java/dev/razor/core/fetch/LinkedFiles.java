package dev.razor.core.fetch;

import dev.razor.core.base.DataException;
import dev.razor.core.lock.CacheCheck.Found;
import dev.razor.core.lock.LockEntry;
import dev.razor.core.lock.LockedFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Sizes and digests that the hub tells of its large files, without a byte of them: in its answer to `HEAD`,
/// `X-Linked-Size` and `X-Linked-Etag` (the SHA-256 of a file that is stored by its content). Small files,
/// which lie in the repository itself, have none.
public final class LinkedFiles {

    private LinkedFiles() {}

    /// What the hub tells of an entry's files, by path.
    ///
    /// @throws DataException if it cannot be asked or says no, or if the entry is none of the hub's
    public static SequencedMap<String, Found> of(LockEntry entry, Hub hub, FetchOptions options)
            throws InterruptedException {
        Path local = entry.local();
        if (local != null) {
            throw new DataException("%s: %s lacks files of models.lock, or has them in other sizes; %s"
                    .formatted(entry.name(), local, entry.remedy(local)));
        }
        SequencedMap<String, Found> found = new LinkedHashMap<>();
        try (Requests requests = new Requests(hub, options.stall())) {
            for (LockedFile file : entry.files()) {
                var address = entry.addresses(file, hub.endpoint()).getFirst();
                if (!hub.isEndpoint(address)) {
                    continue;
                }
                try (Answer answer = requests.send("HEAD", address, Map.of())) {
                    boolean told = answer.linkedSha256() != null && answer.linkedBytes() >= 0;
                    // a store behind the hub may not answer HEAD; what the hub said on the way holds
                    if (!told || hub.isEndpoint(answer.from())) {
                        requireOk(answer.status());
                    }
                    if (told) {
                        found.put(file.path(), new Found(answer.linkedBytes(), answer.linkedSha256()));
                    }
                } catch (TransientFailure | PermanentFailure e) {
                    throw new DataException(
                            "%s/%s: cannot be asked for: %s: %s"
                                    .formatted(entry.name(), file.path(), address.getHost(), e.getMessage()),
                            e);
                }
            }
        }
        return found;
    }

    /// What a file is recorded by is told by a hub that has it.
    private static void requireOk(int status) throws PermanentFailure, TransientFailure {
        switch (status) {
            case 200, 204, 206 -> {}
            case 401, 403 ->
                throw new PermanentFailure(
                        "answers %d; accept the licence on its page if it asks for that, and set HF_TOKEN (sent over https only)"
                                .formatted(status));
            case 404, 410 ->
                throw new PermanentFailure("answers %d; models.lock names a place that is not there".formatted(status));
            case 408, 425, 429, 500, 502, 503, 504 ->
                throw new TransientFailure("answers %d; try again later".formatted(status));
            default -> throw new PermanentFailure("answers %d; fetch it, then lock it".formatted(status));
        }
    }
}
