/** Text to token ids and back, by the tokenizer.json that lies with a language model. Knows no model and no task. */
@NullMarked
package dev.coppice.worker.tokenizer;

import org.jspecify.annotations.NullMarked;
