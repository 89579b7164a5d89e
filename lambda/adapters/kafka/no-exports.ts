/** In the place of an index of Kafka's client, all of whose exports it passes on: nobody names them. */
export {};
